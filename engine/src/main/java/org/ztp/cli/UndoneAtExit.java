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
    private final AtExit atExit = AtExit.begin(this::undo); // last, since it may be undone at once

    private UndoneAtExit() {
    }

    static UndoneAtExit begin() {
        return new UndoneAtExit();
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
        atExit.end();
    }
}
