package org.ztp.audit;

import org.ztp.wire.Hash;

/**
 * Numbers by hashes, for billions of them: {@value #TABLES} tables, each of which grows by itself, so that none is larger
 * than an array can be and little is copied at a time; 40 bytes a place, of which at least three in eight are taken in a
 * table that has grown. Owned by one thread; any number may read while nobody writes.
 */
final class HashIndex {
    /** What is answered for a hash that is not there. */
    static final long ABSENT = -1;
    private static final int TABLES = 256;

    private final HashTable[] tables = new HashTable[TABLES];
    private long size;

    /** Sets the number, 0 or more, of a hash. */
    void put(final Hash hash, final long value) {
        final byte[] key = hash.toBytes();
        final int mixed = HashTable.mix(key, 0);
        if (tables[mixed >>> 24] == null) {
            tables[mixed >>> 24] = new HashTable();
        }
        size += tables[mixed >>> 24].put(key, mixed, value) ? 1 : 0;
    }

    /** The number of a hash, or {@link #ABSENT}. */
    long get(final Hash hash) {
        final byte[] key = hash.toBytes();
        final int mixed = HashTable.mix(key, 0);
        final HashTable table = tables[mixed >>> 24];
        return table == null ? ABSENT : table.get(key, mixed);
    }

    boolean contains(final Hash hash) {
        return get(hash) != ABSENT;
    }

    long size() {
        return size;
    }
}
