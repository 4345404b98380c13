package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.OneHost;

/** {@code setup.sh}, which each build calls: where it cannot find or install Open MPI, it says why, and in a hint what to do. */
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
        final List<String> lines = Files.readAllLines(said);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).startsWith("ztp: ") && lines.get(1).startsWith("hint: "), lines::toString);
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
    void whatToLoadOrInstallIsToldInAHint() throws Exception {
        tools();
        assertTrue(fails(Map.of()).startsWith("ztp: no Open MPI was found\nhint: load its module"));
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

    /** The jar is there, and this user has not asked yet whether it fits. */
    @Test
    void thatJarAndLibraryFitIsFoundOutOnThisHostInsideAnAllocationOfOthersToo() throws Exception {
        final Path jar = Path.of(MpiJob.found().getProperty("MPI_JAR"));
        final Path cache = Files.createDirectories(directory.resolve("ztp").resolve(jar.getParent().getFileName()));
        Files.copy(jar, cache.resolve("mpi.jar"));
        final ProcessBuilder builder = new ProcessBuilder("bash", Path.of("setup.sh").toAbsolutePath().toString())
            .redirectErrorStream(true);
        builder.environment().putAll(Map.of("XDG_CACHE_HOME", directory.toString(),
            "JAVA_HOME", System.getProperty("java.home"), "SLURM_JOBID", "7", "SLURM_JOB_ID", "7",
            "SLURM_NODELIST", "nodea,nodeb", "SLURM_JOB_NODELIST", "nodea,nodeb", "SLURM_NNODES", "2",
            "SLURM_TASKS_PER_NODE", "2(x2)"));
        final Process process = builder.start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        try (Stream<Path> made = Files.list(cache)) {
            assertTrue(made.anyMatch(file -> file.getFileName().toString().startsWith("fits-")), said);
        }
    }

    /** The script is no Java. */
    @Test
    void itKeepsMpirunOnThisHostAsTheProgramDoes() throws IOException {
        final String line = "one_host=(" + String.join(" ", OneHost.OPTIONS) + ")\n";
        assertTrue(Files.readString(Path.of("setup.sh")).contains(line));
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
