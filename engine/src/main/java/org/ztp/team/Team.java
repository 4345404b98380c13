package org.ztp.team;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fork-join team of 1 .. 256 threads. The caller of a region (the master) takes part as thread 0; the other threads
 * are daemons named {@code ztp-team-1} and up, parked while there is nothing to do.
 *
 * <p>Any thread may be a master: regions of several masters run one after the other, first come, first served. A region
 * that is started from inside a region of the same team runs inline, as a team of one, on the calling thread and under
 * its index. (Two teams that call into each other from inside their regions may deadlock.)
 *
 * <p>A region always completes. If bodies throw, a loop hands out no further chunks, and the master gets the first
 * throwable with the others suppressed in it; the team stays usable. With bodies that are built beforehand a region
 * allocates nothing, unless masters compete.
 */
public final class Team implements AutoCloseable {
    /** Most threads of a team. */
    public static final int MAX_THREADS = 256;

    private static final RegionBody NOTHING = thread -> { };

    private final ReentrantLock masters = new ReentrantLock(true);
    private final Crew crew;
    private final Loop loop;
    private final Object[] accumulators;
    private final RegionBody loopRegion = this::runLoop;
    private final RegionBody reductionRegion = this::runReduction;
    private final LoopBody reductionLoop = this::accumulate;
    // The region at hand: written by the master that holds the lock, read by all between fork and join.
    private LoopBody loopBody;
    private RegionBody loopLast = NOTHING;
    private Reduction<Object> reduction;

    /** A team with wait limits that fit the processors of this machine. */
    public Team(int threads) {
        this(threads, WaitLimits.forThreads(threads, Runtime.getRuntime().availableProcessors()));
    }

    /**
     * A team.
     *
     * @param threads 1 .. 256, the master included
     * @param limits  how long its threads stay awake at a fork, a join and a barrier
     */
    public Team(int threads, WaitLimits limits) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads: actual=" + threads + " allowed=1.." + MAX_THREADS);
        }
        loop = new Loop(threads);
        crew = new Crew(threads, limits, loop::cancel);
        accumulators = new Object[Padding.length(threads)];
    }

    /** Threads, the master included. */
    public int threads() {
        return crew.threads();
    }

    /** Runs the body once on every thread. */
    public void parallel(RegionBody body) {
        int inside = enter();
        if (inside >= 0) {
            crew.runNested(inside, body);
            return;
        }
        try {
            crew.run(body);
        } finally {
            masters.unlock();
        }
    }

    /**
     * Runs the body over the indexes {@code begin} (inclusive) to {@code end} (exclusive), each index once.
     *
     * @throws IllegalArgumentException when {@code begin > end}
     */
    public void parallelFor(int begin, int end, Schedule schedule, LoopBody body) {
        parallelFor(begin, end, schedule, body, NOTHING);
    }

    /**
     * The same, and each thread that took part runs {@code last} once when no more indexes are left for it: the place
     * to finish what it gathered from several chunks, without another region. It is not run on a thread whose body
     * threw.
     *
     * @throws IllegalArgumentException when {@code begin > end}
     */
    public void parallelFor(int begin, int end, Schedule schedule, LoopBody body, RegionBody last) {
        checkRange(begin, end, schedule);
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(last, "last");
        int inside = enter();
        if (inside >= 0) {
            if (begin < end) {
                crew.runNested(inside, thread -> {
                    body.run(thread, begin, end);
                    last.run(thread);
                });
            }
            return;
        }
        try {
            loop.set(begin, end, schedule);
            loopBody = body;
            loopLast = last;
            crew.run(loopRegion);
        } finally {
            loopBody = null;
            loopLast = NOTHING;
            masters.unlock();
        }
    }

    /**
     * Reduces the indexes {@code begin} (inclusive) to {@code end} (exclusive) to one value. The threads' accumulators
     * are combined on the master in a fixed tree over thread indexes: ((0 1) (2 3)) ((4 5) ...). With
     * {@link Schedule#STATIC} the result is that of a sequential run whenever {@code combine} is associative; the other
     * schedules deal chunks in no fixed order, so they need it to be commutative too.
     *
     * @throws IllegalArgumentException when {@code begin > end}
     */
    public <A> A reduce(int begin, int end, Schedule schedule, Reduction<A> with) {
        checkRange(begin, end, schedule);
        Objects.requireNonNull(with, "with");
        int inside = enter();
        if (inside >= 0) {
            A identity = with.identity(inside);
            return begin < end ? with.accumulate(identity, begin, end) : identity;
        }
        try {
            loop.set(begin, end, schedule);
            reduction = untyped(with);
            crew.run(reductionRegion);
            return typed(combineAll());
        } finally {
            reduction = null;
            for (int thread = 0; thread < threads(); thread++) {
                accumulators[Padding.at(thread)] = null;
            }
            masters.unlock();
        }
    }

    /**
     * From inside a {@link #parallel} body: waits until all threads of the region have come here. In a nested region,
     * which has one thread, it returns at once. All threads must come equally often; a loop body must not.
     *
     * @throws IllegalStateException when another thread of the region failed, or the caller is not that thread
     */
    public void barrier(int threadIndex) {
        if (indexOfCaller() != threadIndex) {
            throw new IllegalStateException("barrier: thread=" + threadIndex + " caller=" + indexOfCaller());
        }
        crew.barrier(threadIndex);
    }

    /** Ends the workers after the regions that run or wait; regions that come later are refused. May be repeated. */
    @Override
    public void close() {
        if (indexOfCaller() >= 0) {
            throw new IllegalStateException("a team cannot be closed from inside one of its regions");
        }
        masters.lock();
        try {
            crew.close();
        } finally {
            masters.unlock();
        }
    }

    /** Index of the calling thread if it is inside a region; else -1, and the caller holds the lock. */
    private int enter() {
        int inside = indexOfCaller();
        if (inside >= 0) {
            return inside;
        }
        masters.lock();
        if (crew.closed()) {
            masters.unlock();
            throw new IllegalStateException("team is closed");
        }
        return -1;
    }

    private int indexOfCaller() {
        return masters.isHeldByCurrentThread() ? 0 : crew.indexOfCaller();
    }

    private void runLoop(int threadIndex) {
        loop.run(threadIndex, loopBody);
        loopLast.run(threadIndex);
    }

    private void runReduction(int threadIndex) {
        accumulators[Padding.at(threadIndex)] = reduction.identity(threadIndex);
        loop.run(threadIndex, reductionLoop);
    }

    private void accumulate(int threadIndex, int from, int to) {
        int slot = Padding.at(threadIndex);
        accumulators[slot] = reduction.accumulate(accumulators[slot], from, to);
    }

    private Object combineAll() {
        for (int step = 1; step < threads(); step *= 2) {
            for (int left = 0; left + step < threads(); left += 2 * step) {
                int at = Padding.at(left);
                accumulators[at] = reduction.combine(accumulators[at], accumulators[Padding.at(left + step)]);
            }
        }
        return accumulators[Padding.at(0)];
    }

    @SuppressWarnings("unchecked") // the accumulators of a region come from this very reduction
    private static <A> Reduction<Object> untyped(Reduction<A> reduction) {
        return (Reduction<Object>) reduction;
    }

    @SuppressWarnings("unchecked") // see untyped
    private static <A> A typed(Object accumulator) {
        return (A) accumulator;
    }

    private static void checkRange(int begin, int end, Schedule schedule) {
        Objects.requireNonNull(schedule, "schedule");
        if (begin > end) {
            throw new IllegalArgumentException("loop: begin=" + begin + " end=" + end);
        }
    }
}
