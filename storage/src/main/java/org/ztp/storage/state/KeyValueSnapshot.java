package org.ztp.storage.state;

/**
 * A store as it was at one moment, between two batches. May be used by any thread, and is closed before the store is.
 */
public interface KeyValueSnapshot extends KeyValueReader, AutoCloseable {
    @Override
    void close();
}
