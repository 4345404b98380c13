package org.ztp.ledger.epoch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Sub-clusters of four replicas, and certificates for blocks that they might have, signed by a keyed hash. */
public final class SampleEpochs {
    /** Checks the samples' signatures. */
    public static final VoteSignatures SIGNATURES = (replica, message, signature) ->
        Arrays.equals(sign(replica, message), signature);

    private SampleEpochs() {
    }

    private static byte[] sign(final int replica, final byte[] message) {
        return Samples.sign(Hash.sha256(new WireWriter(4).u32(replica).toBytes()), message);
    }

    /** Who votes in so many sub-clusters: replicas 4 i .. 4 i + 3 in sub-cluster i. */
    public static List<Voters> voters(final int subClusters) {
        final List<Voters> voters = new ArrayList<>();
        for (int i = 0; i < subClusters; i++) {
            voters.add(new Voters(Samples.CHAIN, i, List.of(4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3), 3, SIGNATURES));
        }
        return voters;
    }

    /** The block at a height of a sub-cluster's chain. */
    public static Hash block(final int subCluster, final long height) {
        return Hash.sha256(new WireWriter(16).u32(subCluster).u64(height).toBytes());
    }

    /** The commit certificate of that block. */
    public static Certificate certificate(final int subCluster, final long height) {
        return certificate(subCluster, height, Phase.COMMIT, block(subCluster, height));
    }

    /** A certificate of any block, signed by the first three replicas. */
    public static Certificate certificate(final int subCluster, final long height, final Phase phase,
                                          final Hash block) {
        final byte[] message = Certificate.votedBytes(Samples.CHAIN, subCluster, phase, height, height, block);
        return new Certificate(phase, height, height, block, List.of(
            new Certificate.Signature(4 * subCluster, sign(4 * subCluster, message)),
            new Certificate.Signature(4 * subCluster + 1, sign(4 * subCluster + 1, message)),
            new Certificate.Signature(4 * subCluster + 2, sign(4 * subCluster + 2, message))));
    }

    /** The head at a height, 0 for none. */
    public static EpochHead head(final int subCluster, final long height) {
        return new EpochHead(false, height == 0 ? Certificate.genesis(Samples.CHAIN)
            : certificate(subCluster, height));
    }

    /** The epoch of heads at these heights. */
    public static Epoch epoch(final long... heights) {
        final List<EpochHead> heads = new ArrayList<>();
        for (int i = 0; i < heights.length; i++) {
            heads.add(head(i, heights[i]));
        }
        return Epoch.of(Samples.CHAIN, heads).orElseThrow();
    }
}
