package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * For tests: a cluster whose journals are on nodes, and whose archive is not.
 *
 * @param cluster its directory
 * @param key of a client
 * @param nodes where journals are
 */
record ArchivedCluster(Path cluster, Path key, Path nodes) {
    /** Makes it, in new directories, of four replicas. */
    static ArchivedCluster in(final Path root) throws IOException {
        return in(root, 4);
    }

    /** Makes it, in new directories, of so many replicas in sub-clusters of four. */
    static ArchivedCluster in(final Path root, final int replicas) throws IOException {
        final ArchivedCluster made = new ArchivedCluster(root.resolve("cluster"), root.resolve("key"),
            root.resolve("nodes"));
        assertEquals(0, Run.ztp("init", "--dir", made.cluster, "--replicas", replicas,
            "--sub-cluster-size", 4).exit());
        assertEquals(0, Run.ztp("keygen", made.key).exit());
        Files.writeString(made.cluster.resolve("ztp.conf"), "local.dir = \"" + made.nodes + "\"\narchive.dir = \""
            + Files.createDirectory(root.resolve("archive")) + "\"\n");
        return made;
    }
}
