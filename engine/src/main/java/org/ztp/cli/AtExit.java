package org.ztp.cli;

/**
 * What is done if a signal ends the process: what must be told, say, while the work itself may wait for what never comes. Begun
 * and ended by the thread that works.
 */
final class AtExit {
    private final Thread hook;

    private AtExit(final Runnable deed) {
        hook = new Thread(deed, "ztp-at-exit");
    }

    /**
     * From now on a signal has something done, until this has ended.
     *
     * @param deed does it; on a thread of its own
     */
    static AtExit begin(final Runnable deed) {
        final AtExit begun = new AtExit(deed);
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    /** Nothing is to be done any more. */
    void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException exiting) {
            Thread.currentThread().interrupt(); // it is done, and what comes after the work is not begun
        }
    }
}
