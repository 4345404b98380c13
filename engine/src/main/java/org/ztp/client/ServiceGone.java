package org.ztp.client;

/** The service ended, or let this client go, before it answered. */
public final class ServiceGone extends RuntimeException {
    /** With what was noticed. */
    public ServiceGone(final String message) {
        super(message);
    }
}
