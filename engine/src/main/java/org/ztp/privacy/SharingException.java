package org.ztp.privacy;

/** Publishing, granting or receiving data cannot go on. One line says what is wrong, the hint what to do about it. */
public final class SharingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it cannot go on. */
    public enum Kind {
        /** A file or argument that cannot be used. */
        BAD_INPUT,
        /** No space is left where something was to be written. */
        NO_SPACE,
        /** Reading or writing failed otherwise. */
        IO,
        /** Bytes are not what the ledger says they are, or are not there. */
        CORRUPT
    }

    private final Kind kind;
    private final String hint;

    /**
     * @param kind why
     * @param message what is wrong, in one line, without secrets
     * @param hint what to do about it, in one line, without the word {@code hint:}
     */
    public SharingException(final Kind kind, final String message, final String hint) {
        super(message);
        this.kind = kind;
        this.hint = hint;
    }

    /**
     * The same with what the platform reported.
     *
     * @param cause kept for the log
     */
    public SharingException(final Kind kind, final String message, final String hint, final Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    /** Why it cannot go on. */
    public Kind kind() {
        return kind;
    }

    /** What to do about it, in one line, without the word {@code hint:}. */
    public String hint() {
        return hint;
    }
}
