package org.ztp.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A thread that works while there is work, and rests until it is signalled or its duty's next deadline is due. */
final class DutyThread {
    private final Thread thread;
    private final Duty duty;
    private final int idleTurns;
    private final Consumer<Throwable> onFailure;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean signalled;
    private volatile boolean resting;
    private volatile boolean stopping;
    private volatile boolean hung;

    /**
     * A thread that is not started yet.
     *
     * @param name of the thread
     * @param duty what it does
     * @param idleTurns how often it looks again, yielding, before it rests
     * @param onFailure told when the duty throws; the thread ends then
     */
    DutyThread(final String name, final Duty duty, final int idleTurns, final Consumer<Throwable> onFailure) {
        this.duty = duty;
        this.idleTurns = idleTurns;
        this.onFailure = onFailure;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    DutyThread start() {
        thread.start();
        return this;
    }

    /**
     * There is something to do. Any thread. Who is on its way already is not woken once more, which would cost each of
     * many signals a call of the kernel's.
     */
    void signal() {
        signalled = true;
        if (resting) {
            resting = false;
            LockSupport.unpark(thread);
        }
    }

    /** Lets the thread hang, as if it got no processor, or go on. */
    void hang(final boolean hangs) {
        hung = hangs;
        LockSupport.unpark(thread);
    }

    /** Ends the thread after its current turn, and waits for that; one that was not started never will be. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.getState() != Thread.State.NEW && Thread.currentThread() != thread && ended.getCount() > 0) {
            try {
                ended.await();
            } catch (final InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            int idle = 0;
            while (!stopping) {
                if (hung) {
                    LockSupport.parkNanos(10_000_000);
                    continue;
                }
                signalled = false;
                if (duty.work() > 0) {
                    idle = 0;
                } else if (idle++ < idleTurns) {
                    Thread.yield();
                } else {
                    idle = 0;
                    rest();
                }
            }
        } catch (final Throwable failure) {
            onFailure.accept(failure);
        } finally {
            ended.countDown();
        }
    }

    private void rest() {
        resting = true;
        if (!signalled && !stopping) {
            LockSupport.parkNanos(Math.max(1, duty.restNs()));
        }
        resting = false;
    }
}
