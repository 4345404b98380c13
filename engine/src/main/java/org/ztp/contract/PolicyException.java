package org.ztp.contract;

/** A policy cannot be used. The message is one line that says where and why, the hint what to do about it. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /**
     * @param message what is wrong: file, line where it is known, key
     * @param hint what to do about it, in one line, without the word {@code hint:}
     */
    public PolicyException(final String message, final String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it, in one line, without the word {@code hint:}. */
    public String hint() {
        return hint;
    }
}
