package org.ztp.ledger.snapshot;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.receipt.Finality;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a snapshot is of, and that a quorum has certified it: the header above the block gives the digest of the state after
 * it.
 *
 * @param header header of the last block that the state comes from
 * @param epoch the epoch that it names, which a block that is not here holds
 * @param above the next header up to one with a commit certificate
 */
public record SnapshotHead(BlockHeader header, Optional<Epoch> epoch, Finality above) {
    /** Height of the block. */
    public long height() {
        return header.height();
    }

    /** Hash of the block. */
    public Hash block() {
        return above.header().parent();
    }

    /** Digest of the state after the block. */
    public Hash stateDigest() {
        return above.header().stateDigest();
    }

    /** The same with another certificate that says the same. */
    public SnapshotHead certifiedBy(final Certificate commit) {
        return new SnapshotHead(header, epoch, new Finality(above.headers(), commit));
    }

    /** What does not fit together; empty if all does. Whether the certificate holds is for who knows the voters. */
    public Optional<String> fault(final Hash chain, final int subCluster) {
        if (!header.chain().equals(chain) || header.subCluster() != subCluster) {
            return Optional.of("snapshot of another chain: expected=" + chain.brief() + " " + subCluster + " actual="
                + header.chain().brief() + " " + header.subCluster());
        }
        final List<BlockHeader> headers = above.headers();
        BlockHeader below = header;
        for (final BlockHeader next : headers) {
            if (next.height() != below.height() + 1 || !next.parent().equals(below.hash())) {
                return Optional.of("snapshot of height " + height() + ": header " + next.height() + " does not follow");
            }
            below = next;
        }
        if (above.certificate().phase() != Phase.COMMIT || above.certificate().height() != below.height()
            || !above.certificate().block().equals(below.hash())) {
            return Optional.of("snapshot of height " + height() + ": the certificate is not of height " + below.height());
        }
        return epoch.map(Epoch::number).orElse(0L) == header.epoch()
            && epoch.map(Epoch::root).orElse(Hash.ZERO).equals(header.epochRoot()) ? Optional.empty()
            : Optional.of("snapshot of height " + height() + ": not the epoch that the header names");
    }

    /** Writes the header, whether there is an epoch u8 and the epoch, the number of headers u16, these, the certificate. */
    public void encode(final WireWriter out) {
        header.encode(out);
        out.flag(epoch.isPresent());
        epoch.ifPresent(named -> named.encode(out));
        above.encode(out);
    }

    /** Reads one; the reader fails if it is none. */
    public static SnapshotHead decode(final WireReader in) {
        final BlockHeader header = BlockHeader.decode(in);
        return new SnapshotHead(header, in.flag() ? Epoch.decode(in, header.chain()) : Optional.empty(), Finality.decode(in));
    }
}
