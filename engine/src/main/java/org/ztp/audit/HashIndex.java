package org.ztp.audit;

import java.util.Arrays;
import org.ztp.wire.Hash;

/**
 * Numbers by hashes, for many millions of them: open addressing in two arrays, 40 bytes a place, at most three places
 * in four taken. Owned by one thread; any number may read while nobody writes.
 */
final class HashIndex {
    /** What is answered for a hash that is not there. */
    static final long ABSENT = -1;
    private static final int FIRST_PLACES = 1 << 10;

    private byte[] keys = new byte[FIRST_PLACES * Hash.BYTES];
    private long[] values = emptyValues(FIRST_PLACES);
    private int size;

    /** Sets the number, 0 or more, of a hash. */
    void put(final Hash hash, final long value) {
        if (size >= values.length / 4 * 3) {
            grow();
        }
        final byte[] key = hash.toBytes();
        final int place = place(key, 0);
        if (values[place] == ABSENT) {
            size++;
            System.arraycopy(key, 0, keys, place * Hash.BYTES, Hash.BYTES);
        }
        values[place] = value;
    }

    /** The number of a hash, or {@link #ABSENT}. */
    long get(final Hash hash) {
        return values[place(hash.toBytes(), 0)];
    }

    boolean contains(final Hash hash) {
        return get(hash) != ABSENT;
    }

    int size() {
        return size;
    }

    private int place(final byte[] source, final int offset) {
        final int mask = values.length - 1;
        int place = mix(source, offset) & mask;
        while (values[place] != ABSENT && !Arrays.equals(keys, place * Hash.BYTES, (place + 1) * Hash.BYTES, source,
            offset, offset + Hash.BYTES)) {
            place = place + 1 & mask;
        }
        return place;
    }

    /** Over all bytes: a file may hold chosen names, and many that begin alike would make this slow. */
    private static int mix(final byte[] source, final int offset) {
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
            if (oldValues[i] != ABSENT) {
                final int place = place(oldKeys, i * Hash.BYTES);
                System.arraycopy(oldKeys, i * Hash.BYTES, keys, place * Hash.BYTES, Hash.BYTES);
                values[place] = oldValues[i];
            }
        }
    }

    private static long[] emptyValues(final int places) {
        final long[] empty = new long[places];
        Arrays.fill(empty, ABSENT);
        return empty;
    }
}
