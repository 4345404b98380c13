package org.ztp.storage.state;

import java.util.Optional;

/**
 * Reads tables. A table is given by its index in the list of names that the store was opened with. Keys are ordered as
 * unsigned bytes, a prefix first.
 */
public interface KeyValueReader {
    /**
     * Looks up a key.
     *
     * @param table its index
     * @param key   1 or more bytes
     * @return a copy of the value, or empty when the key is absent
     */
    Optional<byte[]> get(int table, byte[] key);

    /**
     * Goes through a table in order, as it is now.
     *
     * @param table its index
     * @param from  the first key that is wanted, present or not; no bytes for the start of the table
     * @return a cursor before the first entry, to be closed
     */
    KeyValueCursor scan(int table, byte[] from);

    /**
     * Goes through those entries of a table whose keys start with some bytes, as they are now.
     *
     * @param table  its index
     * @param prefix the bytes
     * @return a cursor before the first entry, to be closed
     */
    KeyValueCursor scanPrefix(int table, byte[] prefix);
}
