package org.ztp.storage.state;

import org.ztp.storage.StorageException;

/**
 * Ordered tables of keys and values. One thread writes; any thread reads. Every method throws {@link StorageException}
 * when the storage below fails.
 */
public interface KeyValueStore extends KeyValueReader, AutoCloseable {
    /**
     * Applies a batch: a reader sees all of it or nothing, in all tables.
     *
     * @param batch its changes apply in their order; it may be used again afterwards
     */
    void write(KeyValueBatch batch);

    /**
     * The state as it is now, for as long as wanted.
     *
     * @return a snapshot, to be closed
     */
    KeyValueSnapshot snapshot();

    /** Makes all batches so far survive the loss of power, where the store survives its process at all. */
    void flush();

    /** Flushes, then closes, even when the flush fails. */
    @Override
    void close();

    /** Closes without flushing: what was not flushed may be there after the next opening, or not. */
    void abandon();
}
