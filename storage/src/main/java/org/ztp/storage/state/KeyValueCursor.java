package org.ztp.storage.state;

/**
 * Goes through entries in the order of their keys; later changes of the store do not show. Used by one thread, and
 * closed before the store is.
 */
public interface KeyValueCursor extends AutoCloseable {
    /**
     * Steps to the next entry.
     *
     * @return false at the end
     */
    boolean next();

    /**
     * The entry's key.
     *
     * @return a copy
     */
    byte[] key();

    /**
     * The entry's value.
     *
     * @return a copy
     */
    byte[] value();

    @Override
    void close();
}
