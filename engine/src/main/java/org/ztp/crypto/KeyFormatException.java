package org.ztp.crypto;

/**
 * A key or a key file cannot be used. The message says what is wrong and the hint what to do about it; neither holds
 * secret bytes.
 */
public final class KeyFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /**
     * @param message what is wrong, in one line
     * @param hint    what to do about it, in one line
     */
    public KeyFormatException(final String message, final String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it, in one line, without the word {@code hint:}. */
    public String hint() {
        return hint;
    }
}
