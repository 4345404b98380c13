package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.storage.disk.DirectoryTree;

@Timeout(120)
final class RecoverCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatEndedInOrderIsNotVoidedByAWordForAnEarlierLoss() throws Exception {
        final ArchivedCluster archived = ArchivedCluster.in(directory);
        final Path cluster = archived.cluster();
        final Path key = archived.key();
        assertEquals(0, Run.ztp("record", key, "--key", key, "--local", "--dir", cluster).exit());
        DirectoryTree.delete(archived.nodes());
        assertEquals(0, Run.ztp("recover", "--dir", cluster).exit());
        final Run refused = Run.ztp("recover", "--yes", "--dir", cluster);
        assertEquals(2, refused.exit());
        assertTrue(refused.err().contains("the last service ended in order: nothing is lost"), refused.err());
        assertTrue(Files.notExists(cluster.resolve("restarts")));
        for (int replica = 0; replica < 2; replica++) {
            DirectoryTree.delete(cluster.resolve("replicas/" + replica + "/handover"));
        }
        final Run done = Run.ztp("recover", "--yes", "--dir", cluster);
        assertEquals(0, done.exit(), done.err());
        assertTrue(done.out().startsWith("goes on: sub-cluster 0 from height "), done.out());
        assertEquals(2, Run.ztp("recover", "--yes", "--dir", cluster).exit(), "once is enough");
    }
}
