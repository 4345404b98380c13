package org.ztp.simulation;

/** The protocol broke a promise. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A violation. */
    public InvariantViolation(final String message) {
        super(message);
    }
}
