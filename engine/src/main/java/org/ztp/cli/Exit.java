package org.ztp.cli;

/** What the program's exit code means. */
public enum Exit {
    /** Done. */
    DONE(0),
    /** Unexpected: a bug of the program. */
    UNEXPECTED(1),
    /** Usage or bad input. */
    USAGE(2),
    /** Denied by the contract. */
    DENIED(3),
    /** No service, no quorum, or time-out; nothing was lost. */
    UNAVAILABLE(4),
    /** Verification failed. */
    UNVERIFIED(5);

    private final int code;

    Exit(final int code) {
        this.code = code;
    }

    /** The number. */
    public int code() {
        return code;
    }
}
