package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void allSubClustersAreToldInOneDocument() throws Exception {
        final ArchivedCluster archived = ArchivedCluster.in(directory, 8);
        assertEquals(0, Run.ztp("record", archived.key(), "--key", archived.key(), "--local", "--dir",
            archived.cluster()).exit());
        DirectoryTree.delete(archived.nodes());
        final Run told = Run.ztp("recover", "--json", "--dir", archived.cluster());
        assertEquals(0, told.exit(), told.err());
        final Config document = ConfigFactory.parseString(told.out());
        assertEquals(false, document.getBoolean("done"));
        assertEquals(List.of(0, 1), document.getConfigList("subClusters").stream()
            .map(one -> one.getInt("subCluster")).toList());
        assertEquals(1, told.out().lines().count());
    }
}
