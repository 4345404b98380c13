package org.ztp.bench;

import java.nio.file.Path;

/**
 * What of publishing and requesting a file is measured.
 *
 * @param bytes size of the file
 * @param chunkBytes size of a chunk
 * @param threads threads that encrypt and decrypt
 * @param place directory in which everything is made
 */
record FilesPlan(long bytes, int chunkBytes, int threads, Path place) {
    /** Chunks of the file. */
    int chunks() {
        return Math.toIntExact((bytes + chunkBytes - 1) / chunkBytes);
    }

    /** Size of a chunk. */
    int length(final int chunk) {
        return (int) Math.min(chunkBytes, bytes - (long) chunk * chunkBytes);
    }
}
