package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A header and the batches that it names, in order; the batches' bytes travel and are stored apart.
 *
 * @param header the header
 * @param batches references to the batches
 * @param epoch the epoch that the header names, if it is the first header of its chain to do so
 * @param hash the header's hash
 */
public record Block(BlockHeader header, List<BatchRef> batches, Optional<Epoch> epoch, Hash hash) {
    /** Most batches that a block may name. */
    public static final int MAX_BATCHES = 4096;

    /** Keeps the list as it is. */
    public Block {
        batches = List.copyOf(batches);
    }

    /** A block over its header that holds no epoch; the hash is computed. */
    public static Block of(final BlockHeader header, final List<BatchRef> batches) {
        return of(header, batches, Optional.empty());
    }

    /** A block over its header; the hash is computed. */
    public static Block of(final BlockHeader header, final List<BatchRef> batches, final Optional<Epoch> epoch) {
        return new Block(header, batches, epoch, header.hash());
    }

    /** Its height. */
    public long height() {
        return header.height();
    }

    /** Writes header, references, whether it holds an epoch u8, and the epoch. */
    public void encode(final WireWriter out) {
        header.encode(out);
        for (final BatchRef ref : batches) {
            ref.encode(out);
        }
        out.flag(epoch.isPresent());
        epoch.ifPresent(named -> named.encode(out));
    }

    /**
     * Reads one; the reader fails if it is none, or holds another epoch than its header names. That the root fits the
     * references, that the epoch is there where it should be, and its certificates are checked by who trusts it.
     */
    public static Block decode(final WireReader in) {
        final BlockHeader header = BlockHeader.decode(in);
        in.require(header.batches() <= MAX_BATCHES);
        final List<BatchRef> batches = new ArrayList<>();
        long transactions = 0;
        for (int i = 0; i < header.batches() && !in.failed(); i++) {
            final BatchRef ref = BatchRef.decode(in);
            transactions += ref.transactions();
            batches.add(ref);
        }
        in.require(transactions == header.transactions());
        final Optional<Epoch> epoch = in.flag() ? Epoch.decode(in, header.chain()) : Optional.empty();
        in.require(epoch.isEmpty() || epoch.get().number() == header.epoch()
            && epoch.get().root().equals(header.epochRoot()));
        return new Block(header, batches, epoch, in.failed() ? Hash.ZERO : header.hash());
    }
}
