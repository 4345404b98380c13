package org.ztp.storage.state;

import java.util.ArrayList;
import java.util.List;

/** Changes of several tables that apply together. Used by one thread. */
public final class KeyValueBatch {
    /**
     * One change.
     *
     * @param table  index of the table
     * @param key    1 or more bytes
     * @param value  the new value; no bytes when the key is deleted
     * @param delete whether the key is deleted
     */
    record Change(int table, byte[] key, byte[] value, boolean delete) {
    }

    private static final byte[] NONE = new byte[0];

    private final List<Change> changes = new ArrayList<>();

    /**
     * Sets a value. The arrays must not change until the batch is written.
     *
     * @param table index of the table
     * @param key   1 or more bytes
     * @param value 0 or more bytes
     * @return this batch
     */
    public KeyValueBatch put(final int table, final byte[] key, final byte[] value) {
        return add(new Change(table, key, value, false));
    }

    /**
     * Deletes a key, present or not.
     *
     * @param table index of the table
     * @param key   1 or more bytes
     * @return this batch
     */
    public KeyValueBatch delete(final int table, final byte[] key) {
        return add(new Change(table, key, NONE, true));
    }

    private KeyValueBatch add(final Change change) {
        if (change.key().length == 0) {
            throw new IllegalArgumentException("key bytes: expected>=1 actual=0");
        }
        changes.add(change);
        return this;
    }

    /**
     * How many changes there are.
     *
     * @return the number of puts and deletes
     */
    public int size() {
        return changes.size();
    }

    /** Empties the batch, for use again. */
    public void clear() {
        changes.clear();
    }

    List<Change> changes() {
        return changes;
    }
}
