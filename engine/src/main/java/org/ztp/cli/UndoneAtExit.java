package org.ztp.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that undoes itself when its thread is interrupted: a signal that ends the process interrupts it, and the process waits
 * some seconds for it. Begun and ended by the thread that works.
 */
final class UndoneAtExit {
    private static final long PATIENCE_S = 10;

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::undo, "ztp-undo");

    private UndoneAtExit() {
    }

    static UndoneAtExit begin() {
        final UndoneAtExit begun = new UndoneAtExit();
        Runtime.getRuntime().addShutdownHook(begun.hook);
        return begun;
    }

    /** What a signal does: interrupts the work, and waits until it has ended. */
    void undo() {
        worker.interrupt();
        try {
            ended.await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (final InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is done, or undone. */
    void end() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException exiting) {
            Thread.currentThread().interrupt(); // what comes after it is not begun
        }
    }
}
