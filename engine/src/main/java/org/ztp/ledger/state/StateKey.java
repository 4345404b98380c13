package org.ztp.ledger.state;

import java.util.Arrays;

/** A key as a map wants it: equal by content. The array is not copied. */
record StateKey(byte[] bytes) {
    @Override
    public boolean equals(final Object other) {
        return other instanceof StateKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
