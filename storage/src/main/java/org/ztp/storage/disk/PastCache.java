package org.ztp.storage.disk;

/**
 * Which writes and reads go past the kernel's page cache (O_DIRECT), where the file system offers that. No write promises
 * less through it: what was written past the cache is with the device when the call returns, so it survives the death of
 * the process as what the kernel holds does, and {@link DiskFile#force()} is as necessary as ever.
 */
public enum PastCache {
    /** None: right where the cache's pages are cheap and the device is slow. */
    NEVER(Integer.MAX_VALUE, Integer.MAX_VALUE),
    /**
     * Writes of 32 KiB and more: for these, waiting for the device is worth what the cache's pages would cost, and when the
     * kernel writes many of those out at last, whoever writes just then waits for long. Reads of 256 KiB and more, which find
     * little in the cache that was written past it.
     */
    AUTO(32 << 10, 256 << 10),
    /** All writes that hold a whole block, and reads of 256 KiB and more: the cache is left to others. */
    ALWAYS(1, 256 << 10),
    /** Writes and reads of 512 KiB and more: for files that are read once, as a whole. */
    BOTH_WAYS(512 << 10, 512 << 10);

    private final int fromBytes;
    private final int readsFromBytes;

    PastCache(final int fromBytes, final int readsFromBytes) {
        this.fromBytes = fromBytes;
        this.readsFromBytes = readsFromBytes;
    }

    /** The smallest write that does, in bytes. */
    int fromBytes() {
        return fromBytes;
    }

    /** The smallest read that does, in bytes. */
    int readsFromBytes() {
        return readsFromBytes;
    }
}
