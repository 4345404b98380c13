package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Finding.Level;

class MpiChecksTest {
    @TempDir
    Path directory;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void noMpi() throws IOException {
        environment.put("PATH", directory.toString());
        environment.put("HOME", directory.toString());
        environment.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        environment.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        Files.createDirectory(directory.resolve("shm"));
    }

    /** A mpirun that says this version, and starts programs with this exit code. */
    private void mpirun(final String version, final int exit) throws IOException {
        final Path file = directory.resolve("mpirun");
        Files.writeString(file, "#!/bin/sh\n[ \"$1\" = --version ] && echo '" + version + "' && exit 0\necho\necho '---'\n"
            + "echo 'no slots'\nexit " + exit + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Finding finding(final String what) {
        final List<Finding> all = new MpiChecks(environment, directory.resolve("shm")).all();
        return all.stream().filter(one -> one.what().equals(what)).findFirst()
            .orElseThrow(() -> new AssertionError(what + ": " + all));
    }

    @Test
    void withoutMpirunThereIsANote() {
        assertEquals(Level.NOTE, finding("mpi").level());
    }

    @Test
    void aVersionWithoutTheBindingsFails() throws IOException {
        mpirun("mpirun (Open MPI) 4.1.4", 0);
        assertEquals(Level.OK, finding("mpi").level());
        assertEquals(Level.OK, finding("mpi starts").level());
        mpirun("mpirun (Open MPI) 6.0.0", 0);
        assertEquals(Level.FAIL, finding("mpi").level());
        mpirun("HYDRA build details:", 0);
        assertEquals(Level.FAIL, finding("mpi").level());
    }

    @Test
    void aMpirunThatStartsNothingFailsWithItsOwnWords() throws IOException {
        mpirun("mpirun (Open MPI) 5.0.7", 7);
        assertEquals("mpirun cannot start a process: exit code 7, no slots", finding("mpi starts").detail());
        assertEquals(Level.FAIL, finding("mpi starts").level());
        assertEquals("try: " + directory.resolve("mpirun") + " " + String.join(" ", OneHost.OPTIONS)
            + " -n 1 --oversubscribe true", finding("mpi starts").hint());
    }

    @Test
    void theEnvironmentOfARankHasWhatTheLibraryReads() {
        environment.put("PMIX_RANK", "0");
        assertEquals("not set: UCX_ERROR_SIGNALS, OMPI_MCA_opal_event_include", finding("mpi rank").detail());
        environment.put("UCX_ERROR_SIGNALS", "");
        environment.put("OMPI_MCA_opal_event_include", "epoll");
        assertEquals(Level.OK, finding("mpi rank").level());
    }

    @Test
    void whatDeadLaunchersLeftIsNamed() throws IOException {
        Files.createDirectory(directory.resolve("shm/ztp-mpi-" + ProcessHandle.current().pid() + "-1"));
        assertTrue(new MpiChecks(environment, directory.resolve("shm")).all().stream()
            .noneMatch(one -> one.what().equals("mpi segments")));
        Files.createDirectory(directory.resolve("shm/ztp-mpi-999999999-1"));
        assertTrue(finding("mpi segments").detail().endsWith("ztp-mpi-999999999-1"));
    }
}
