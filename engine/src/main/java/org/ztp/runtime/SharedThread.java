package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A thread that does several duties in turn while any of them has work, and rests until one is signalled or the first
 * deadline of all is due. It is for duties that hand things to each other and are more than processors: what one hands
 * to another on the same thread waits for no wake-up. A duty that fails loses its place, and the others go on; if the
 * thread itself fails, all of them are told.
 */
final class SharedThread {
    private static final Place[] NONE = {};

    private final Thread thread;
    private final int idleTurns;
    /** Replaced as a whole, under this object's monitor. */
    private volatile Place[] places = NONE;
    private boolean ended;
    /** What ended it, if nobody stopped it. */
    private Throwable endedBy;
    private volatile boolean signalled;
    private volatile boolean resting;
    private volatile boolean stopping;

    /**
     * A thread that is not started yet.
     *
     * @param name of the thread
     * @param idleTurns how often it looks again, yielding, before it rests
     */
    SharedThread(final String name, final int idleTurns) {
        this.idleTurns = idleTurns;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    SharedThread start() {
        thread.start();
        return this;
    }

    /** Ends the thread after its current round; who still has a place has no more turns. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** A duty's place on the thread, by which it is signalled, stopped or let hang. */
    final class Place {
        private final Duty duty;
        private final Consumer<Throwable> onFailure;
        private final CountDownLatch left = new CountDownLatch(1);
        private volatile boolean taken;
        private volatile boolean hung;
        private volatile boolean leaving;

        /**
         * A place that is not taken yet.
         *
         * @param duty what is done there
         * @param onFailure told when the duty throws, or the thread fails; it loses its place then
         */
        Place(final Duty duty, final Consumer<Throwable> onFailure) {
            this.duty = duty;
            this.onFailure = onFailure;
        }

        /** From now on the duty has turns. */
        void start() {
            final Throwable failed = take();
            if (failed != null) {
                tell(failed);
            }
            signal();
        }

        /** What has ended the thread, if anything has; else the place is taken, unless the thread was stopped. */
        private Throwable take() {
            synchronized (SharedThread.this) {
                if (!ended) {
                    final List<Place> more = new ArrayList<>(List.of(places));
                    more.add(this);
                    places = more.toArray(Place[]::new);
                    taken = true;
                }
                return endedBy;
            }
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

        /** Lets the duty hang, as if it got no processor, or go on. */
        void hang(final boolean hangs) {
            hung = hangs;
            signal();
        }

        /** Ends the duty after its current turn, and waits for that; one that was not started never will be. */
        void stop() {
            leaving = true;
            signal();
            boolean interrupted = false;
            while (taken && Thread.currentThread() != thread && left.getCount() > 0) {
                try {
                    left.await();
                } catch (final InterruptedException again) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Does what there is to do; how much that was. */
        private int turn() {
            if (leaving) {
                leave();
                return 1;
            }
            try {
                return hung ? 0 : duty.work();
            } catch (final Throwable failure) {
                fail(failure);
                return 1;
            }
        }

        private void fail(final Throwable failure) {
            try {
                tell(failure);
            } finally {
                leave();
            }
        }

        /** Whatever becomes of the telling, the others keep their thread. */
        private void tell(final Throwable failure) {
            try {
                onFailure.accept(failure);
            } catch (final Throwable untold) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, untold);
            }
        }

        private long restNs() {
            return hung ? Long.MAX_VALUE : duty.restNs();
        }

        private void leave() {
            synchronized (SharedThread.this) {
                final List<Place> fewer = new ArrayList<>(List.of(places));
                fewer.remove(this);
                places = fewer.toArray(Place[]::new);
            }
            left.countDown();
        }
    }

    private void run() {
        Throwable failure = null;
        try {
            turns();
        } catch (final Throwable cause) { // a duty's own is caught where it has its turn
            failure = cause;
        } finally {
            end(failure);
        }
    }

    private void turns() {
        int idle = 0;
        while (!stopping) {
            signalled = false;
            if (round() > 0) {
                idle = 0;
            } else if (idle++ < idleTurns) {
                Thread.yield();
            } else {
                idle = 0;
                rest();
            }
        }
    }

    private int round() {
        int done = 0;
        for (final Place place : places) {
            done += place.turn();
        }
        return done;
    }

    private void rest() {
        resting = true;
        if (!signalled && !stopping) {
            long nanos = Long.MAX_VALUE;
            for (final Place place : places) {
                nanos = Math.min(nanos, place.restNs());
            }
            LockSupport.parkNanos(Math.max(1, nanos));
        }
        resting = false;
    }

    private void end(final Throwable failure) {
        final Place[] all;
        synchronized (this) {
            ended = true;
            endedBy = failure;
            all = places;
            places = NONE;
        }
        for (final Place place : all) {
            if (failure != null) {
                place.tell(failure);
            }
            place.left.countDown();
        }
    }
}
