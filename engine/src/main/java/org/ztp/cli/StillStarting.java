package org.ztp.cli;

/** Tells from time to time that something that may take long goes on, until it is closed. */
final class StillStarting implements AutoCloseable {
    private final Thread thread;

    /**
     * Begins.
     *
     * @param telling tells it
     * @param everyMillis how often
     */
    StillStarting(final Runnable telling, final long everyMillis) {
        thread = new Thread(() -> tell(telling, everyMillis), "ztp-starting");
        thread.setDaemon(true);
        thread.start();
    }

    private static void tell(final Runnable telling, final long everyMillis) {
        try {
            while (true) {
                Thread.sleep(everyMillis);
                telling.run();
            }
        } catch (final InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
