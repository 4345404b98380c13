package org.ztp.storage.state;

import java.util.Arrays;

/** The order of keys: unsigned bytes, a prefix first. */
final class KeyOrder {
    private KeyOrder() {
    }

    static boolean startsWith(final byte[] key, final byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
