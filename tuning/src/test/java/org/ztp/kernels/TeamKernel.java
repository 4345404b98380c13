package org.ztp.kernels;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ztp.team.Reduction;
import org.ztp.team.Schedule;
import org.ztp.team.Team;

/** Fork and join, a barrier, and a reduction over a thousand indexes. */
@State(Scope.Benchmark)
public class TeamKernel {
    private static final int INDEXES = 1_000;
    private static final Reduction<long[]> SUM = new Reduction<>() {
        @Override
        public long[] identity(final int threadIndex) {
            return new long[1];
        }

        @Override
        public long[] accumulate(final long[] accumulator, final int from, final int to) {
            for (int i = from; i < to; i++) {
                accumulator[0] += i * (long) i;
            }
            return accumulator;
        }

        @Override
        public long[] combine(final long[] left, final long[] right) {
            left[0] += right[0];
            return left;
        }
    };

    /** Threads of the team. */
    @Param("2")
    public int threads;
    private Team team;
    private CyclicBarrier cyclic;

    /** Starts the team. */
    @Setup(Level.Trial)
    public void start() {
        team = new Team(threads);
        cyclic = new CyclicBarrier(threads);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void end() {
        team.close();
    }

    /** A region in which nothing is done. */
    @Benchmark
    public void forkAndJoin() {
        team.parallel(thread -> { });
    }

    /** A region with one barrier. */
    @Benchmark
    public void barrier() {
        team.parallel(team::barrier);
    }

    /** Rejected: the JDK's barrier, which sleeps and takes a lock. */
    @Benchmark
    public void rejectedCyclicBarrier() {
        team.parallel(thread -> {
            try {
                cyclic.await();
            } catch (final InterruptedException | BrokenBarrierException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    /** A reduction to one value. */
    @Benchmark
    public long reduce() {
        return team.reduce(0, INDEXES, Schedule.STATIC, SUM)[0];
    }

    /** Rejected: the JDK's common pool. */
    @Benchmark
    public long rejectedParallelStream() {
        return LongStream.range(0, INDEXES).parallel().map(i -> i * i).sum();
    }
}
