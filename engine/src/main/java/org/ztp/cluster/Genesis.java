package org.ztp.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.ztp.crypto.SshPublicKey;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * How the ledger began: its replicas with their keys, their sub-clusters, and the limits that all of them must agree
 * on. Its hash is the chain's name and goes into everything that is signed. Immutable.
 *
 * <p>The name is the SHA-256 of the domain's tag and these bytes (little-endian), whatever the text looks like:
 *
 * <pre>
 *   version u16 = 1 | created, ms since 1970 u64 | salt 32 | bundle bytes u64 | block bytes u64 | replicas u16
 *   each replica: id u16 | sub-cluster u16 | signing key 32 | sealing key 32
 * </pre>
 *
 * @param createdMillis when it was made, milliseconds since 1970
 * @param salt 32 random bytes, so that no two chains have one name
 * @param limits what all replicas must agree on
 * @param replicas in the order of their ids, which are 0 .. n-1
 */
public record Genesis(long createdMillis, Hash salt, Limits limits, List<GenesisReplica> replicas) {
    /** Version of the format. */
    public static final int VERSION = 1;
    /** Most replicas. */
    public static final int MAX_REPLICAS = 4096;

    /**
     * What all replicas must agree on.
     *
     * @param bundleBytes largest bundle, 4 KiB .. 64 MiB
     * @param blockBytes most bytes of batches that a block names, 64 KiB .. 512 MiB
     */
    public record Limits(long bundleBytes, long blockBytes) {
        /** The limits of the default configuration. */
        public static final Limits DEFAULT = new Limits(64L << 20, 96L << 20);

        /** Checks the ranges. */
        public Limits {
            within("limits.bundle-bytes", bundleBytes, 4L << 10, 64L << 20);
            within("limits.block-bytes", blockBytes, 64L << 10, 512L << 20);
        }
    }

    /** Keeps the list; refuses gaps in the ids and sub-clusters that are too small, with a gap, or out of order. */
    public Genesis {
        replicas = List.copyOf(replicas);
        within("replicas", replicas.size(), SubCluster.MIN_MEMBERS, MAX_REPLICAS);
        for (int i = 0; i < replicas.size(); i++) {
            final GenesisReplica replica = replicas.get(i);
            if (replica.id() != i) {
                throw new IllegalArgumentException("replica id: expected=" + i + " actual=" + replica.id());
            }
            for (int j = 0; j < i; j++) {
                if (replicas.get(j).signingKey().equals(replica.signingKey())) {
                    throw new IllegalArgumentException("replicas " + j + " and " + i + " have the same signing key");
                }
            }
        }
        group(replicas);
        within("created", createdMillis, 0, Long.MAX_VALUE);
    }

    /** The chain's name. */
    public Hash chain() {
        return Hash.sha256(Domain.GENESIS.tag(), encode());
    }

    /** The sub-clusters by their number. */
    public List<SubCluster> subClusters() {
        return group(replicas);
    }

    /** The sub-cluster of a replica. */
    public SubCluster subClusterOf(final int replica) {
        return subClusters().get(replicas.get(replica).subCluster());
    }

    /** The bytes that are hashed. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(64 + 68 * replicas.size())
            .u16(VERSION).u64(createdMillis).hash(salt).u64(limits.bundleBytes()).u64(limits.blockBytes())
            .u16(replicas.size());
        for (final GenesisReplica replica : replicas) {
            out.u16(replica.id()).u16(replica.subCluster())
                .raw(replica.signingKey().bytes()).raw(replica.sealingKey().bytes());
        }
        return out.toBytes();
    }

    /** The text of {@code genesis.conf}. */
    public String format() {
        final StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
            # The genesis of this ledger: who its replicas are. It is the same on every node and never changes;
            # what it says (not how it is laid out) is hashed into the chain's name:
            # %s
            version = %d
            created = "%s"
            salt = "%s"
            limits { bundle-bytes = %d, block-bytes = %d }
            replicas = [
            """, chain(), VERSION, Instant.ofEpochMilli(createdMillis), salt, limits.bundleBytes(),
            limits.blockBytes()));
        for (final GenesisReplica replica : replicas) {
            text.append(String.format(Locale.ROOT, """
                  {
                    id = %d, sub-cluster = %d
                    signing-key = "%s"
                    sealing-key = "%s"
                  }
                """, replica.id(), replica.subCluster(),
                new SshPublicKey(replica.signingKey(), "replica-" + replica.id()).format(), replica.sealingKey()));
        }
        return text.append("]\n").toString();
    }

    /**
     * The sub-cluster of each of a number of replicas: {@code size / sub-cluster size} of them, left-over replicas join
     * the last.
     *
     * @throws IllegalArgumentException if there are too few replicas, or a sub-cluster would be too small or too large
     */
    public static int[] layOut(final int replicas, final int subClusterSize) {
        within("replicas", replicas, SubCluster.MIN_MEMBERS, MAX_REPLICAS);
        within("sub-cluster size", subClusterSize, SubCluster.MIN_MEMBERS, Math.min(replicas, SubCluster.MAX_MEMBERS));
        within("replicas of the last sub-cluster, with those left over", subClusterSize + replicas % subClusterSize,
            SubCluster.MIN_MEMBERS, SubCluster.MAX_MEMBERS);
        final int[] subClusters = new int[replicas];
        for (int i = 0; i < replicas; i++) {
            subClusters[i] = Math.min(i / subClusterSize, replicas / subClusterSize - 1);
        }
        return subClusters;
    }

    private static List<SubCluster> group(final List<GenesisReplica> replicas) {
        final TreeMap<Integer, List<Integer>> members = new TreeMap<>();
        replicas.forEach(replica ->
            members.computeIfAbsent(replica.subCluster(), id -> new ArrayList<>()).add(replica.id()));
        final List<SubCluster> subClusters = new ArrayList<>();
        members.forEach((id, ids) -> {
            if (id != subClusters.size()) {
                throw new IllegalArgumentException("sub-cluster: expected=" + subClusters.size() + " actual=" + id);
            }
            subClusters.add(new SubCluster(id, ids));
        });
        return List.copyOf(subClusters);
    }

    private static void within(final String what, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": expected=" + least + " .. " + most + " actual=" + value);
        }
    }
}
