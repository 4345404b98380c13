package org.ztp.storage;

/**
 * One thing that an offline audit has to say about a file.
 *
 * @param kind   how bad it is
 * @param file   name relative to the audited directory, {@code /} between its parts
 * @param offset byte of the file at which it starts, 0 when it concerns the whole file
 * @param reason one line for a person
 */
public record Finding(Kind kind, String file, long offset, String reason) {
    /** How bad a finding is. */
    public enum Kind {
        /** Bytes that are not what was written. */
        CORRUPT,
        /**
         * The last write did not finish, and nothing shows that it was committed. The owner cuts it when it opens the store;
         * whether something is missing then that was promised, others know.
         */
        TORN_TAIL,
        /** A file that must exist does not. */
        MISSING,
        /** A file that this store does not write. */
        FOREIGN,
        /** A temporary file of a writer that died. Harmless. */
        LEFTOVER,
        /** Worth knowing, not an error. */
        NOTE
    }

    /**
     * Whether the stored bytes are in doubt.
     *
     * @return false for {@link Kind#NOTE}, {@link Kind#LEFTOVER} and {@link Kind#TORN_TAIL}
     */
    public boolean isError() {
        return kind != Kind.NOTE && kind != Kind.LEFTOVER && kind != Kind.TORN_TAIL;
    }

    @Override
    public String toString() {
        return kind + " file=" + file + " offset=" + offset + " " + reason;
    }
}
