package org.ztp.tuning.sweep;

/** The default settings themselves gave no figures, so nothing can be compared with them. */
public final class DefaultFailedException extends Exception {
    /** With why. */
    DefaultFailedException(final String why) {
        super(why);
    }
}
