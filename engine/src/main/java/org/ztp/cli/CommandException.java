package org.ztp.cli;

/** Ends a command with an exit code, one line that says what is the matter, and a hint what to do about it. */
public final class CommandException extends RuntimeException {
    private final Exit exit;
    private final String hint;

    /**
     * Ends a command.
     *
     * @param exit the exit code
     * @param message what is the matter, one line
     * @param hint what to do about it, one line; empty for none
     */
    public CommandException(final Exit exit, final String message, final String hint) {
        super(message);
        this.exit = exit;
        this.hint = hint;
    }

    /** The same, with what led to it. */
    CommandException(final Exit exit, final String message, final String hint, final Throwable cause) {
        this(exit, message, hint);
        initCause(cause);
    }

    /**
     * The end of a command whose thread was interrupted while it waited, and stays so.
     *
     * @param hint what to do about it, one line; empty for none
     */
    public static CommandException interrupted(final String hint) {
        Thread.currentThread().interrupt();
        return new CommandException(Exit.UNAVAILABLE, "interrupted", hint);
    }

    /** The exit code. */
    public Exit exit() {
        return exit;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }
}
