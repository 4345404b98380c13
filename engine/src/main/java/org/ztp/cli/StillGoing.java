package org.ztp.cli;

/** Tells from time to time that something that may take long goes on, until it is closed; nothing is told after that. */
final class StillGoing implements AutoCloseable {
    private final Thread thread;

    /**
     * Begins.
     *
     * @param telling tells it
     * @param everyMillis how often
     */
    StillGoing(final Runnable telling, final long everyMillis) {
        thread = new Thread(() -> tell(telling, everyMillis), "ztp-still-going");
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
        try {
            thread.join();
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
