package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A quorum certificate: votes of one phase by different replicas for one block in one view.
 *
 * @param phase what was voted
 * @param view view of the votes, 0 only for the genesis
 * @param height the block's height, 0 only for the genesis
 * @param block the block's hash
 * @param votes the signatures, by ascending replica; none for the genesis
 */
public record Certificate(Phase phase, long view, long height, Hash block, List<Signature> votes) {
    /** Most votes that a certificate may hold. */
    public static final int MAX_VOTES = 1024;
    private static final int VOTED_BYTES = Domain.BYTES + Hash.BYTES + 2 + 1 + 8 + 8 + Hash.BYTES;

    /**
     * One replica's signature.
     *
     * @param replica who signed
     * @param bytes 64 bytes, Ed25519
     */
    public record Signature(int replica, byte[] bytes) {
        /** Size in bytes. */
        public static final int BYTES = 64;
    }

    /** Keeps the list as it is. */
    public Certificate {
        votes = List.copyOf(votes);
    }

    /** The certificate that stands below the first block: nobody voted on the genesis. */
    public static Certificate genesis(final Hash chain) {
        return new Certificate(Phase.PREPARE, 0, 0, chain, List.of());
    }

    /** What each of its voters signed: 16 + 32 + 2 + 1 + 8 + 8 + 32 = 99 bytes. */
    public static byte[] votedBytes(final Hash chain, final int subCluster, final Phase phase, final long view,
                                    final long height, final Hash block) {
        return new WireWriter(VOTED_BYTES).raw(Domain.VOTE.tag()).hash(chain).u16(subCluster).u8(phase.code()).u64(view)
            .u64(height).hash(block).array();
    }

    /** Whether this one ranks above another: by view, then height. */
    public boolean ranksAbove(final Certificate other) {
        return view != other.view ? view > other.view : height > other.height;
    }

    /** Writes it: 1 + 8 + 8 + 32 + 2 bytes and 66 a vote. */
    public void encode(final WireWriter out) {
        out.u8(phase.code()).u64(view).u64(height).hash(block).u16(votes.size());
        for (final Signature vote : votes) {
            out.u16(vote.replica()).raw(vote.bytes());
        }
    }

    /** Reads one; the reader fails if it is none, or its votes are not by ascending replica. */
    public static Certificate decode(final WireReader in) {
        final int code = in.u8();
        in.require(code == Phase.PREPARE.code() || code == Phase.COMMIT.code());
        final Phase phase = code == Phase.COMMIT.code() ? Phase.COMMIT : Phase.PREPARE;
        final long view = in.u64();
        final long height = in.u64();
        final Hash block = in.hash();
        final int count = in.u16();
        in.require(count <= MAX_VOTES);
        final List<Signature> votes = new ArrayList<>();
        int previous = -1;
        for (int i = 0; i < count && !in.failed(); i++) {
            final int replica = in.u16();
            in.require(replica > previous);
            previous = replica;
            votes.add(new Signature(replica, in.raw(Signature.BYTES)));
        }
        in.require(view > 0 == height > 0);
        return new Certificate(phase, view, height, block, votes);
    }
}
