package org.ztp.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Domain;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The word of a quorum of replicas' keys that voting in a sub-cluster begins anew after a final block, since what the
 * replicas had promised is lost.
 *
 * @param chain hash of the genesis
 * @param subCluster which
 * @param root the block after which, and the first view
 * @param votes the signatures, by ascending replica
 */
public record Restart(Hash chain, int subCluster, Root root, List<Certificate.Signature> votes) {
    private static final int VERSION = 1;

    /** Keeps the list as it is. */
    public Restart {
        votes = List.copyOf(votes);
    }

    /** What each replica's key signs: 16 + 32 + 2 + 8 + 32 + 8 = 98 bytes. */
    public static byte[] signedBytes(final Hash chain, final int subCluster, final Root root) {
        return new WireWriter(104).raw(Domain.RESTART.tag()).hash(chain).u16(subCluster).u64(root.height())
            .hash(root.block()).u64(root.firstView()).toBytes();
    }

    /** The bytes of its file: 1 + 32 + 2 + 8 + 32 + 8 + 2, and 66 a vote. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(512).u8(VERSION).hash(chain).u16(subCluster).u64(root.height())
            .hash(root.block()).u64(root.firstView()).u16(votes.size());
        votes.forEach(vote -> out.u16(vote.replica()).raw(vote.bytes()));
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Restart> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        in.require(in.u8() == VERSION);
        final Hash chain = in.hash();
        final int subCluster = in.u16();
        final Root root = new Root(in.u64(), in.hash(), in.u64(), Optional.empty());
        final int count = in.u16();
        in.require(count <= Certificate.MAX_VOTES);
        final List<Certificate.Signature> votes = new ArrayList<>();
        int previous = -1;
        for (int i = 0; i < count && !in.failed(); i++) {
            final int replica = in.u16();
            in.require(replica > previous);
            previous = replica;
            votes.add(new Certificate.Signature(replica, in.raw(Certificate.Signature.BYTES)));
        }
        return in.finished() ? Optional.of(new Restart(chain, subCluster, root, votes)) : Optional.empty();
    }

    /** Whether it is the given one of a chain's sub-cluster, and a quorum has signed it. */
    public boolean holds(final Voters voters, final long number) {
        final byte[] message = signedBytes(chain, subCluster, root);
        return chain.equals(voters.chain()) && subCluster == voters.subCluster()
            && root.equals(Root.anew(root.height(), root.block(), number)) && votes.size() >= voters.quorum()
            && votes.stream().allMatch(vote -> voters.members().contains(vote.replica())
                && voters.signatures().check(vote.replica(), message, vote.bytes()));
    }
}
