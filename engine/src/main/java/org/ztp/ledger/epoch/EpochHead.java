package org.ztp.ledger.epoch;

import java.util.Arrays;
import java.util.List;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The head of one sub-cluster: a final block, told by its commit certificate; the genesis certificate for a chain
 * without blocks.
 *
 * @param carried the sub-cluster was not heard of, or had no quorum, when the epoch was made: its last known head is
 *     carried on. The word of who made the epoch, not proven by anything
 * @param certificate makes the block final
 */
public record EpochHead(boolean carried, Certificate certificate) {
    /** Height of the block, 0 for none. */
    public long height() {
        return certificate.height();
    }

    /** The block, or the chain's name for none. */
    public Hash block() {
        return certificate.block();
    }

    /** Whether it names the same block with the same votes, so that one need not be checked when the other was. */
    public boolean isSame(final EpochHead other) {
        return certificate == other.certificate || certificate.height() == other.certificate.height()
            && certificate.block().equals(other.certificate.block())
            && certificate.view() == other.certificate.view() && certificate.phase() == other.certificate.phase()
            && sameVotes(certificate.votes(), other.certificate.votes());
    }

    private static boolean sameVotes(final List<Certificate.Signature> one, final List<Certificate.Signature> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i).replica() != other.get(i).replica()
                || !Arrays.equals(one.get(i).bytes(), other.get(i).bytes())) {
                return false;
            }
        }
        return true;
    }

    /** What is hashed: sub-cluster u16, carried u8, height u64, block 32: 43 bytes. */
    byte[] leaf(final int subCluster) {
        return new WireWriter(43).u16(subCluster).flag(carried).u64(height()).hash(block()).toBytes();
    }

    /** Writes the mark, then the certificate. */
    public void encode(final WireWriter out) {
        out.flag(carried);
        certificate.encode(out);
    }

    /** Reads one; the reader fails if it is none. */
    public static EpochHead decode(final WireReader in) {
        final EpochHead head = new EpochHead(in.flag(), Certificate.decode(in));
        in.require(head.certificate.phase() == (head.height() == 0 ? Phase.PREPARE : Phase.COMMIT));
        return head;
    }
}
