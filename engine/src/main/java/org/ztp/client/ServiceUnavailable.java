package org.ztp.client;

/** There is no service to connect to. */
public final class ServiceUnavailable extends Exception {
    private final String hint;

    /** With what is the matter and what to do about it, one line each. */
    public ServiceUnavailable(final String message, final String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }
}
