package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code setup.sh}, which each build calls: where it cannot find or install Open MPI, one line says what to do. */
@Timeout(300)
class SetupTest {
    private static final List<String> TOOLS = List.of("bash", "env", "dirname", "readlink", "mktemp", "rm", "cat", "sed",
        "tail", "head", "grep", "id", "mkdir", "cksum", "tr");

    @TempDir
    private Path directory;

    private String fails(final Map<String, String> more) throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder("bash", Path.of("setup.sh").toAbsolutePath().toString());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", directory.toString(), "HOME", directory.toString(), "JAVA_HOME",
            System.getProperty("java.home")));
        builder.environment().putAll(more);
        final Path said = directory.resolve("said");
        assertEquals(1, builder.redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor());
        assertEquals(1, Files.readAllLines(said).size(), Files.readString(said));
        return Files.readString(said);
    }

    private Path tool(final String name, final String script) throws IOException {
        final Path made = Files.writeString(directory.resolve(name), "#!" + directory.resolve("bash") + "\n" + script + "\n");
        assertTrue(made.toFile().setExecutable(true));
        return made;
    }

    private void tools() throws IOException {
        for (final String tool : TOOLS) {
            final Path there = List.of(Path.of("/usr/bin"), Path.of("/bin")).stream().map(bin -> bin.resolve(tool))
                .filter(Files::isExecutable).findFirst().orElseThrow();
            Files.createSymbolicLink(directory.resolve(tool), there);
        }
    }

    @Test
    void whatToLoadOrInstallIsToldInOneLine() throws Exception {
        tools();
        assertTrue(fails(Map.of()).startsWith("ztp: no Open MPI was found: load its module"));
        assertTrue(fails(Map.of("MPI_HOME", "/nowhere")).contains("MPI_HOME is /nowhere, but there is no bin/mpirun in it"));
        tool("apt-get", "exit 1");
        tool("dpkg-query", "exit 1");
        Files.delete(directory.resolve("id"));
        tool("id", "echo 1000");
        assertTrue(fails(Map.of()).contains("apt-get install openmpi-bin libopenmpi-dev"));
    }

    @Test
    void withoutAHomeWhatSomebodyElsePutThereIsNotRun() throws Exception {
        tools();
        final Path others = Files.createDirectory(directory.resolve("others"));
        Files.createSymbolicLink(directory.resolve("ztp-cache-1000"), others);
        Files.delete(directory.resolve("id"));
        tool("id", "echo 1000");
        assertTrue(fails(Map.of("HOME", "", "TMPDIR", directory.toString())).contains("is not this user's own directory"));
    }

    @Test
    void whatRunsOnlyWithItsModuleIsToBeLoadedFirst() throws Exception {
        tools();
        Files.createSymbolicLink(directory.resolve("uname"), Path.of("/usr/bin/uname"));
        Files.createDirectory(directory.resolve("site"));
        tool("site/mpirun", "if [ -z \"${NEEDED:-}\" ]; then exit 127; fi; echo 'mpirun (Open MPI) 4.1.4'");
        final String module = "() { export NEEDED=1 PATH=" + directory.resolve("site") + ":$PATH; }";
        assertTrue(fails(Map.of("BASH_FUNC_module%%", module)).contains("load the module of Open MPI first"));
    }

    @Test
    void anotherMpiIsNotTakenForOpenMpi() throws Exception {
        tools();
        tool("mpirun", "echo 'HYDRA build details'");
        assertTrue(fails(Map.of()).contains("is not Open MPI's"));
        tool("mpirun", "echo 'mpirun (Open MPI) 6.0.0'");
        assertTrue(fails(Map.of()).contains("is Open MPI 6.0.0, which has no Java bindings"));
    }
}
