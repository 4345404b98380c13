package org.ztp.transport;

/** The other processes of a run could not be joined. */
public final class TransportException extends Exception {
    private final String hint;

    /**
     * One line for people, and what may help.
     *
     * @param message what is wrong
     * @param hint what to do
     */
    public TransportException(final String message, final String hint) {
        super(message);
        this.hint = hint;
    }

    /** What may help. */
    public String hint() {
        return hint;
    }
}
