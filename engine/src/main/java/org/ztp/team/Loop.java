package org.ztp.team;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The indexes of the loop at hand and who gets which. Set by the master before the fork, shared by all until the join.
 */
final class Loop {
    private static final int AT = Padding.at(0);

    private final int threads;
    private final AtomicLongArray cursor = new AtomicLongArray(Padding.length(1));
    private Schedule schedule;
    private int begin;
    private int end;

    Loop(int threads) {
        this.threads = threads;
    }

    void set(int newBegin, int newEnd, Schedule newSchedule) {
        begin = newBegin;
        end = newEnd;
        schedule = newSchedule;
        cursor.set(AT, newBegin);
    }

    /** Nobody gets another chunk of a shared loop. */
    void cancel() {
        cursor.set(AT, Integer.MAX_VALUE);
    }

    /** Runs the chunks that fall to a thread. */
    void run(int threadIndex, LoopBody body) {
        switch (schedule.kind()) {
            case STATIC -> runBlock(threadIndex, body);
            case DYNAMIC -> runDynamic(threadIndex, body);
            case GUIDED -> runGuided(threadIndex, body);
        }
    }

    private void runBlock(int threadIndex, LoopBody body) {
        int from = bound(threadIndex);
        int to = bound(threadIndex + 1);
        if (from < to) {
            body.run(threadIndex, from, to);
        }
    }

    private int bound(int threadIndex) {
        return (int) (begin + ((long) end - begin) * threadIndex / threads);
    }

    private void runDynamic(int threadIndex, LoopBody body) {
        int chunk = schedule.chunk();
        while (true) {
            long from = cursor.getAndAdd(AT, chunk);
            if (from >= end) {
                return;
            }
            body.run(threadIndex, (int) from, (int) Math.min(end, from + chunk));
        }
    }

    private void runGuided(int threadIndex, LoopBody body) {
        while (true) {
            long from = cursor.get(AT);
            if (from >= end) {
                return;
            }
            long to = Math.min(end, from + Math.max(schedule.chunk(), (end - from) / threads));
            if (cursor.compareAndSet(AT, from, to)) {
                body.run(threadIndex, (int) from, (int) to);
            }
        }
    }
}
