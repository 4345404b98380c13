package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/ztp} in a checkout of nothing but what it looks for, with a JDK that tells how it was called. */
@Timeout(60)
final class StartScriptTest {
    @TempDir
    private Path root;

    @BeforeEach
    void make() throws IOException {
        write("engine/target/dist/LICENSE", "");
        write("engine/target/dist/lib/ztp.jar", "");
        write("engine/target/dist/mpi/ztp-native.jar", "");
        write("jdk/release", "JAVA_VERSION=\"17.0.9\"\n");
        write("jdk/bin/java", "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");
        write("native/setup.sh", "#!/bin/bash\ntouch " + root.resolve("asked") + "\necho MPI_JAR=/mpi.jar\n");
        write("native/env.sh", "");
        write("engine/bin/ztp", Files.readString(Path.of("bin/ztp")));
    }

    private void write(final String name, final String text) throws IOException {
        final Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private List<String> run(final Map<String, String> environment, final String... words) throws Exception {
        final List<String> command = new ArrayList<>(List.of("bash", root.resolve("engine/bin/ztp").toString()));
        command.addAll(List.of(words));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        builder.environment().putAll(environment);
        final Process process = builder.start();
        final List<String> said = new String(process.getInputStream().readAllBytes()).lines().toList();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said.toString());
        return said;
    }

    private boolean looksForMpi(final String... words) throws Exception {
        Files.deleteIfExists(root.resolve("asked"));
        final List<String> said = run(Map.of("HOME", root.toString()), words);
        assertEquals(List.of(words), said.subList(said.indexOf("org.ztp.cli.Main") + 1, said.size()));
        return Files.exists(root.resolve("asked"));
    }

    @Test
    void mpiIsLookedForByCommandsThatNeedItAndNotForTheirWords() throws Exception {
        assertTrue(looksForMpi("launch", "-n", "4"));
        assertTrue(looksForMpi("--dir", "request", "launch"));
        assertTrue(looksForMpi("start", "--transport", "mpi"));
        assertTrue(looksForMpi("bench", "--transport=mpi"));
        assertFalse(looksForMpi("start", "--transport", "local"));
        assertFalse(looksForMpi("request", "00", "--purpose", "the launch of X"));
        assertFalse(looksForMpi("record", "launch"));
        assertFalse(looksForMpi("--dir", "launch", "status"));
    }

    @Test
    void whereMpiIsNotFoundItEndsAsLaunchDoesWithoutIt() throws Exception {
        write("native/setup.sh", "#!/bin/bash\nexit 1\n");
        final ProcessBuilder builder = new ProcessBuilder("bash", root.resolve("engine/bin/ztp").toString(), "launch");
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        assertEquals(Exit.USAGE.code(), builder.start().waitFor());
    }

    @Test
    void aStreamThatIsClosedIsNoFileOfTheJvm() throws Exception {
        write("jdk/bin/java", "#!/bin/bash\nfor fd in 0 1 2; do is+=$(readlink /proc/$$/fd/$fd); done\n"
            + "printf %s \"$is\" > " + root + "/streams\n"
            + "read -r line 2> /dev/null || exit 7\n");
        final ProcessBuilder builder = new ProcessBuilder("bash", "-c", root.resolve("engine/bin/ztp") + " record <&- >&- 2>&-");
        builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
        assertEquals(7, builder.start().waitFor());
        assertEquals("/dev/null".repeat(3), Files.readString(root.resolve("streams")));
    }

    @Test
    void withoutAHomeNothingIsKeptWhereOthersCanWrite() throws Exception {
        write("engine/target/dist/cds", ""); // no directory can be made here
        final List<String> said = run(Map.of(), "status");
        assertTrue(said.stream().noneMatch(word -> word.startsWith("-XX:SharedArchiveFile")), said.toString());
        assertFalse(Files.exists(Path.of("/tmp/.cache/ztp")));
    }
}
