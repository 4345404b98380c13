package org.ztp.storage.archive;

import java.util.Optional;

/**
 * What a look at every byte of a chunk has found.
 *
 * @param fault        what is wrong, or an empty string
 * @param offset       byte of the file at which that starts
 * @param header       of the chunk; of no meaning when the fault lies in it
 * @param wholeThrough the heights up to this one are whole, also in a damaged chunk; one less than its first if none is
 */
record ChunkScan(String fault, long offset, ChunkFormat.Header header, long wholeThrough) {
    boolean isValid() {
        return fault.isEmpty();
    }

    /** Whether the chunk goes on from a height with a link, as far as that can be told. */
    boolean follows(final long height, final Optional<Link> link) {
        return header.chunk().first() != height + 1 || link.isEmpty() || header.before().equals(link.get());
    }

    String strayFault(final long height) {
        return "does not follow height " + height + ": its link before is " + header.before();
    }
}
