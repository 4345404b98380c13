package org.ztp.cli;

/** What must be told if a signal ends the process: the work itself may wait for what never comes, and tells nothing. */
final class ToldAtExit {
    private final Thread hook;

    private ToldAtExit(final Runnable telling) {
        hook = new Thread(telling, "ztp-told");
    }

    /**
     * From now on a signal has something told, until this has ended.
     *
     * @param telling tells it; on a thread of its own
     */
    static ToldAtExit begin(final Runnable telling) {
        final ToldAtExit begun = new ToldAtExit(telling);
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    /** Nothing is to be told any more. */
    void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException exiting) {
            Thread.currentThread().interrupt(); // it is told, and what comes after the work is not begun
        }
    }
}
