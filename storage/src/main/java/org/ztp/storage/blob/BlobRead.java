package org.ztp.storage.blob;

/**
 * The answer to reading a blob.
 *
 * @param verdict what was found
 * @param length  of the file in bytes, 0 when it is absent
 */
public record BlobRead(Verdict verdict, long length) {
    /** What was found. */
    public enum Verdict {
        /** The bytes are those that the name stands for. */
        VALID,
        /** There is no such blob. */
        ABSENT,
        /** The bytes are others. */
        CORRUPT,
        /** The file is longer than the caller's buffer; nothing was read. */
        TOO_LONG
    }

    /**
     * Whether the bytes can be used.
     *
     * @return true for {@link Verdict#VALID}
     */
    public boolean isValid() {
        return verdict == Verdict.VALID;
    }
}
