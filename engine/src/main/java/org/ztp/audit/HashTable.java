package org.ztp.audit;

import java.util.Arrays;
import org.ztp.wire.Hash;

/** Numbers by hashes: open addressing in two arrays, at most three places in four taken. Owned by one thread. */
final class HashTable {
    private static final int FIRST_PLACES = 1 << 4;

    private byte[] keys = new byte[FIRST_PLACES * Hash.BYTES];
    private long[] values = emptyValues(FIRST_PLACES);
    private int size;

    /**
     * Sets the number, 0 or more, of a hash.
     *
     * @param key the 32 bytes
     * @param mixed what {@link #mix} makes of them
     * @return whether it is new
     */
    boolean put(final byte[] key, final int mixed, final long value) {
        if (size >= values.length / 4 * 3) {
            grow();
        }
        final int place = place(key, 0, mixed);
        final boolean fresh = values[place] == HashIndex.ABSENT;
        if (fresh) {
            size++;
            System.arraycopy(key, 0, keys, place * Hash.BYTES, Hash.BYTES);
        }
        values[place] = value;
        return fresh;
    }

    /** The number of a hash, or {@link HashIndex#ABSENT}. */
    long get(final byte[] key, final int mixed) {
        return values[place(key, 0, mixed)];
    }

    private int place(final byte[] source, final int offset, final int mixed) {
        final int mask = values.length - 1;
        int place = mixed & mask;
        while (values[place] != HashIndex.ABSENT && !Arrays.equals(keys, place * Hash.BYTES, (place + 1) * Hash.BYTES,
            source, offset, offset + Hash.BYTES)) {
            place = place + 1 & mask;
        }
        return place;
    }

    /** Over all bytes: a file may hold chosen names, and many that begin alike would make this slow. */
    static int mix(final byte[] source, final int offset) {
        int mixed = 0;
        for (int i = 0; i < Hash.BYTES; i++) {
            mixed = mixed * 31 + source[offset + i];
        }
        return mixed ^ mixed >>> 15;
    }

    private void grow() {
        final byte[] oldKeys = keys;
        final long[] oldValues = values;
        final int places = Math.multiplyExact(oldValues.length, 2);
        keys = new byte[Math.multiplyExact(places, Hash.BYTES)];
        values = emptyValues(places);
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != HashIndex.ABSENT) {
                final int place = place(oldKeys, i * Hash.BYTES, mix(oldKeys, i * Hash.BYTES));
                System.arraycopy(oldKeys, i * Hash.BYTES, keys, place * Hash.BYTES, Hash.BYTES);
                values[place] = oldValues[i];
            }
        }
    }

    private static long[] emptyValues(final int places) {
        final long[] empty = new long[places];
        Arrays.fill(empty, HashIndex.ABSENT);
        return empty;
    }
}
