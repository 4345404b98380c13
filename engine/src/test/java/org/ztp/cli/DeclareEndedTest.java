package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.storage.disk.DirectoryLock;

class DeclareEndedTest {
    @TempDir
    Path directory;
    private Path cluster;
    private String said = "";

    @BeforeEach
    void make() {
        cluster = directory.resolve("cluster");
        assertEquals(0, ztp("init", "--replicas", "4"));
    }

    private int ztp(final String... words) {
        final StringWriter out = new StringWriter();
        final String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--dir";
        all[words.length + 1] = cluster.toString();
        final int exit = Program.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(all);
        said = out.toString();
        return exit;
    }

    private IncarnationFiles files(final int replica) {
        return new ClusterDirectory(cluster).incarnations(replica);
    }

    @Test
    void theLastIncarnationIsNoted() throws Exception {
        assertTrue(files(2).take(1, 0, false));
        assertEquals(0, ztp("declare-ended", "2"));
        assertEquals("incarnation 1 of replica 2 has ended\n", said);
        assertTrue(files(2).isEnded(1));
        assertFalse(files(2).isEnded(0));
    }

    @Test
    void aReplicaWhoseProcessHoldsItsLockHasNotEnded() {
        final DirectoryLock running = DirectoryLock.acquire(files(2).data());
        try {
            assertEquals(2, ztp("declare-ended", "2"));
            assertTrue(said.contains("the process of replica 2 runs"), said);
            assertFalse(files(2).isEnded(0));
        } finally {
            running.close();
        }
    }

    @Test
    void thereIsNoReplicaOfAnotherNumber() {
        assertEquals(2, ztp("declare-ended", "4"));
        assertTrue(said.contains("replica: expected=0 .. 3 actual=4"), said);
    }
}
