package org.ztp.cluster;

/** A genesis that cannot be used; the message says what is wrong and where. */
public final class GenesisException extends Exception {
    /** With what is wrong, in one line. */
    public GenesisException(final String message) {
        super(message);
    }
}
