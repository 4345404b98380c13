package org.ztp.consensus;

import java.util.Optional;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Domain;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A leader's block with what justifies it.
 *
 * @param block the block; it names its batches by digest
 * @param justify prepare certificate of the parent (the genesis certificate for height 1)
 * @param entry the time-out certificate that opened the view; only with the first block of a view after the first
 * @param signature the leader's, 64 bytes
 */
public record Proposal(Block block, Certificate justify, Optional<TimeoutCertificate> entry, byte[] signature) {
    /** What the leader signs: 16 + 32 = 48 bytes; the block's hash covers chain, view and height. */
    public static byte[] signedBytes(final Block block) {
        return new WireWriter(48).raw(Domain.PROPOSAL.tag()).hash(block.hash()).toBytes();
    }

    /** Its view. */
    public long view() {
        return block.header().view();
    }

    /** Writes it. */
    public void encode(final WireWriter out) {
        block.encode(out);
        justify.encode(out);
        out.flag(entry.isPresent());
        entry.ifPresent(certificate -> certificate.encode(out));
        out.raw(signature);
    }

    /** Reads one; the reader fails if it is none. */
    public static Proposal decode(final WireReader in) {
        return new Proposal(Block.decode(in), Certificate.decode(in),
            in.flag() ? Optional.of(TimeoutCertificate.decode(in)) : Optional.empty(), in.raw(64));
    }
}
