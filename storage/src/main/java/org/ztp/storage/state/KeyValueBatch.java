package org.ztp.storage.state;

import java.nio.ByteBuffer;

/**
 * Changes of several tables that apply together, in the order in which they were made. Keys and values are copied side
 * by side into memory outside the heap that grows and is used again, so that a batch of many small changes allocates
 * nothing. Used by one thread.
 */
public final class KeyValueBatch {
    private static final int DELETED = -1;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;
    private static final int FIRST_BYTES = 4 << 10;
    /** A batch that once was larger gives the memory back when it is cleared. */
    private static final int KEPT_BYTES = 8 << 20;

    /** Each change: table, size of the key, size of the value (DELETED for none), 4 bytes each; key; value. */
    private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES);
    private ByteBuffer key = bytes.duplicate();
    private ByteBuffer value = bytes.duplicate();
    private int size;
    private int next;
    private int table;
    private boolean delete;

    /**
     * Sets a value; key and value are copied.
     *
     * @param toTable  index of the table
     * @param ofKey    1 or more bytes
     * @param newValue 0 or more bytes
     * @return this batch
     */
    public KeyValueBatch put(final int toTable, final byte[] ofKey, final byte[] newValue) {
        return put(toTable, ofKey, newValue, newValue.length);
    }

    /**
     * The same with the first bytes of an array.
     *
     * @param toTable  index of the table
     * @param ofKey    1 or more bytes
     * @param newValue begins with the value
     * @param length   of the value, 0 or more bytes
     * @return this batch
     */
    public KeyValueBatch put(final int toTable, final byte[] ofKey, final byte[] newValue, final int length) {
        begin(toTable, ofKey, length, length);
        bytes.put(newValue, 0, length);
        return this;
    }

    /**
     * Deletes a key, present or not; the key is copied.
     *
     * @param fromTable index of the table
     * @param ofKey     1 or more bytes
     * @return this batch
     */
    public KeyValueBatch delete(final int fromTable, final byte[] ofKey) {
        begin(fromTable, ofKey, DELETED, 0);
        return this;
    }

    private void begin(final int toTable, final byte[] ofKey, final int valueWord, final int valueBytes) {
        if (ofKey.length == 0) {
            throw new IllegalArgumentException("key bytes: expected>=1 actual=0");
        }
        ensure((long) HEADER_BYTES + ofKey.length + valueBytes);
        bytes.putInt(toTable).putInt(ofKey.length).putInt(valueWord).put(ofKey);
        size++;
    }

    private void ensure(final long more) {
        if (more > bytes.remaining()) {
            final long wanted = Math.max(2L * bytes.capacity(), bytes.position() + more);
            use(ByteBuffer.allocateDirect((int) Math.min(Integer.MAX_VALUE - 8, wanted)).put(bytes.flip()));
        }
    }

    private void use(final ByteBuffer larger) {
        bytes = larger;
        key = larger.duplicate();
        value = larger.duplicate();
    }

    /**
     * How many changes there are.
     *
     * @return the number of puts and deletes
     */
    public int size() {
        return size;
    }

    /** Empties the batch, for use again. */
    public void clear() {
        if (bytes.capacity() > KEPT_BYTES) {
            use(ByteBuffer.allocateDirect(FIRST_BYTES));
        }
        bytes.clear();
        size = 0;
        next = 0;
    }

    /** Goes before the first change. */
    void rewind() {
        next = 0;
    }

    /** Goes to the next change; false behind the last one. */
    boolean next() {
        if (next == bytes.position()) {
            return false;
        }
        table = bytes.getInt(next);
        final int keyAt = next + HEADER_BYTES;
        final int valueAt = keyAt + bytes.getInt(next + Integer.BYTES);
        final int word = bytes.getInt(next + 2 * Integer.BYTES);
        delete = word == DELETED;
        next = valueAt + Math.max(0, word);
        key.limit(valueAt).position(keyAt);
        value.limit(next).position(valueAt);
        return true;
    }

    /** Table of the change that {@link #next} went to. */
    int table() {
        return table;
    }

    /** Its key, between position and limit; valid until the next call of any method but the getters. */
    ByteBuffer key() {
        return key;
    }

    /** Its value, as {@link #key}; nothing if the key is deleted. */
    ByteBuffer value() {
        return value;
    }

    /** Whether it deletes its key. */
    boolean isDelete() {
        return delete;
    }
}
