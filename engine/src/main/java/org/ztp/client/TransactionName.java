package org.ztp.client;

import java.util.Optional;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Names one transaction: {@code <bundle id>.<index>} in text, 36 bytes on the wire.
 *
 * @param bundle id of its bundle
 * @param index position in the bundle, 0 .. 65,535
 */
public record TransactionName(Hash bundle, int index) {
    /** Refuses positions that no bundle has. */
    public TransactionName {
        if (index < 0 || index >= Bundle.MAX_TRANSACTIONS) {
            throw new IllegalArgumentException("index: expected=0 .. 65535 actual=" + index);
        }
    }

    /** Reads the text form; empty if it is none. */
    public static Optional<TransactionName> parse(final String text) {
        final int dot = text.indexOf('.');
        final String index = text.substring(dot + 1);
        if (dot < 0 || !index.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(index) >= Bundle.MAX_TRANSACTIONS) {
            return Optional.empty();
        }
        return Hash.parse(text.substring(0, dot)).map(bundle -> new TransactionName(bundle, Integer.parseInt(index)));
    }

    void encode(final WireWriter out) {
        out.hash(bundle).u32(index);
    }

    static TransactionName decode(final WireReader in) {
        return new TransactionName(in.hash(), in.count(Bundle.MAX_TRANSACTIONS - 1));
    }

    @Override
    public String toString() {
        return bundle + "." + index;
    }
}
