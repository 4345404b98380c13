package org.ztp.contract.transaction;

import java.util.Optional;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The name of a transaction, and so of a request: 36 bytes, written {@code <64 hexadecimal digits>.<index>}.
 *
 * @param bundle id of its bundle
 * @param index position in the bundle, below {@link Bundle#MAX_TRANSACTIONS}
 */
public record TransactionId(Hash bundle, int index) {
    /** Encoded size. */
    public static final int BYTES = Hash.BYTES + 4;

    /** Reads what {@link #toString} writes; empty if it is anything else. */
    public static Optional<TransactionId> parse(final String text) {
        final int dot = text.indexOf('.');
        if (dot != 2 * Hash.BYTES || !text.substring(dot + 1).matches("0|[1-9][0-9]{0,4}")) {
            return Optional.empty();
        }
        final int index = Integer.parseInt(text.substring(dot + 1));
        return index >= Bundle.MAX_TRANSACTIONS ? Optional.empty()
            : Hash.parse(text.substring(0, dot)).map(bundle -> new TransactionId(bundle, index));
    }

    /** Writes the bundle's id, then the index. */
    public void encode(final WireWriter out) {
        out.hash(bundle).u32(index);
    }

    /** Reads one; the reader fails if it is none. */
    public static TransactionId decode(final WireReader in) {
        final TransactionId id = new TransactionId(in.hash(), in.u32());
        in.require(id.index < Bundle.MAX_TRANSACTIONS);
        return id;
    }

    @Override
    public String toString() {
        return bundle + "." + index;
    }
}
