package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TeamTest {
    private static final List<Schedule> SCHEDULES = List.of(
            Schedule.STATIC, Schedule.dynamic(1), Schedule.dynamic(7), Schedule.dynamic(Integer.MAX_VALUE),
            Schedule.guided(1), Schedule.guided(5));

    /** Strings: concatenation is associative and not commutative. */
    private static final Reduction<String> CONCATENATION = new Reduction<>() {
        @Override
        public String identity(int threadIndex) {
            return "";
        }

        @Override
        public String accumulate(String accumulator, int from, int to) {
            StringBuilder text = new StringBuilder(accumulator);
            IntStream.range(from, to).forEach(i -> text.append(i).append(' '));
            return text.toString();
        }

        @Override
        public String combine(String left, String right) {
            return left + right;
        }
    };

    private static final Reduction<long[]> SUM = new Reduction<>() {
        @Override
        public long[] identity(int threadIndex) {
            return new long[1];
        }

        @Override
        public long[] accumulate(long[] accumulator, int from, int to) {
            for (int i = from; i < to; i++) {
                accumulator[0] += i;
            }
            return accumulator;
        }

        @Override
        public long[] combine(long[] left, long[] right) {
            left[0] += right[0];
            return left;
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void whatThreadsGatherIsFinishedOnceByEachBeforeTheJoin(int threads) {
        try (Team team = new Team(threads)) {
            for (Schedule schedule : SCHEDULES) {
                for (int size : new int[] {0, 1, 10, 1000}) {
                    int[][] gathered = new int[threads][1];
                    AtomicIntegerArray finished = new AtomicIntegerArray(threads);
                    AtomicInteger sum = new AtomicInteger();
                    team.parallelFor(0, size, schedule, (thread, from, to) -> gathered[thread][0] += to - from,
                            thread -> {
                                finished.incrementAndGet(thread);
                                sum.addAndGet(gathered[thread][0]);
                            });
                    assertEquals(size, sum.get(), schedule.toString());
                    for (int thread = 0; thread < threads; thread++) {
                        assertEquals(1, finished.get(thread), schedule.toString());
                    }
                    team.parallelFor(0, size, schedule, (thread, from, to) -> { });
                    assertEquals(size, sum.get(), "only the loop that it came with");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void everyIndexIsVisitedOnce(int threads) {
        try (Team team = new Team(threads)) {
            for (Schedule schedule : SCHEDULES) {
                for (int size : new int[] {0, 1, 2, 3, 8, 9, 10, 63, 64, 65, 1000}) {
                    AtomicIntegerArray visits = new AtomicIntegerArray(size);
                    team.parallelFor(-5, size - 5, schedule, (thread, from, to) -> {
                        assertTrue(from < to && thread >= 0 && thread < threads);
                        for (int i = from; i < to; i++) {
                            visits.incrementAndGet(i + 5);
                        }
                    });
                    for (int i = 0; i < size; i++) {
                        assertEquals(1, visits.get(i), schedule + " size=" + size + " index=" + i);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 9})
    void aStaticReductionIsTheSequentialOne(int threads) {
        try (Team team = new Team(threads)) {
            for (int size : new int[] {0, 1, 2, 7, 8, 9, 100}) {
                String sequential = CONCATENATION.accumulate("", 0, size);
                assertEquals(sequential, team.reduce(0, size, Schedule.STATIC, CONCATENATION));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9})
    void aCommutativeReductionIsTheSameUnderAllSchedules(int threads) {
        try (Team team = new Team(threads)) {
            for (Schedule schedule : SCHEDULES) {
                assertEquals(999L * 1000 / 2, team.reduce(0, 1000, schedule, SUM)[0]);
            }
        }
    }

    @Test
    void theWholeRangeOfIntsIsDealt() {
        try (Team team = new Team(3)) {
            for (Schedule schedule : List.of(Schedule.STATIC, Schedule.dynamic(Integer.MAX_VALUE), Schedule.guided(1))) {
                long[] count = team.reduce(Integer.MIN_VALUE, Integer.MAX_VALUE, schedule, new Reduction<long[]>() {
                    @Override
                    public long[] identity(int threadIndex) {
                        return new long[1];
                    }

                    @Override
                    public long[] accumulate(long[] accumulator, int from, int to) {
                        accumulator[0] += (long) to - from;
                        return accumulator;
                    }

                    @Override
                    public long[] combine(long[] left, long[] right) {
                        return SUM.combine(left, right);
                    }
                });
                assertEquals((1L << 32) - 1, count[0], schedule.toString());
            }
        }
    }

    @Test
    void theMasterIsThreadZeroAndTheOthersAreNamedDaemons() {
        Thread[] seen = new Thread[4];
        try (Team team = new Team(4)) {
            team.parallel(thread -> seen[thread] = Thread.currentThread());
        }
        assertSame(Thread.currentThread(), seen[0]);
        for (int i = 1; i < 4; i++) {
            assertEquals("ztp-team-" + i, seen[i].getName());
            assertTrue(seen[i].isDaemon());
            assertFalse(seen[i].isAlive(), "close() has ended it");
        }
    }

    @Test
    void theMasterGetsTheFirstFailureAndTheTeamStaysUsable() {
        try (Team team = new Team(4)) {
            for (int round = 0; round < 50; round++) {
                IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> team.parallel(thread -> {
                    throw new IllegalStateException("thread " + thread);
                }));
                assertEquals(3, thrown.getSuppressed().length);
                int failing = round % 4;
                Error error = assertThrows(StackOverflowError.class, () -> team.parallel(thread -> {
                    if (thread == failing) {
                        throw new StackOverflowError();
                    }
                }));
                assertEquals(0, error.getSuppressed().length);
                assertEquals(45, team.reduce(0, 10, Schedule.STATIC, SUM)[0]);
            }
        }
    }

    @Test
    void oneThrowableThrownByAllIsNotSuppressedInItself() {
        RuntimeException shared = new RuntimeException("shared");
        try (Team team = new Team(3)) {
            assertSame(shared, assertThrows(RuntimeException.class, () -> team.parallel(thread -> {
                throw shared;
            })));
        }
        assertEquals(0, shared.getSuppressed().length);
    }

    @Test
    void aLoopHandsOutNoMoreAfterAFailure() {
        try (Team team = new Team(2)) {
            for (Schedule schedule : List.of(Schedule.dynamic(1), Schedule.guided(1))) {
                AtomicInteger chunks = new AtomicInteger();
                assertThrows(IllegalStateException.class, () -> team.parallelFor(0, 1 << 30, schedule, (thread, from, to) -> {
                    chunks.incrementAndGet();
                    throw new IllegalStateException("first chunk");
                }));
                assertTrue(chunks.get() <= 2);
            }
        }
    }

    @Test
    void aFailureFreesThoseWhoWaitAtTheBarrier() {
        try (Team team = new Team(4)) {
            for (int round = 0; round < 50; round++) {
                int failing = round % 4;
                RuntimeException thrown = assertThrows(UnsupportedOperationException.class, () -> team.parallel(thread -> {
                    team.barrier(thread);
                    if (thread == failing) {
                        throw new UnsupportedOperationException();
                    }
                    team.barrier(thread);
                }));
                assertEquals(0, thrown.getSuppressed().length);
                AtomicInteger arrived = new AtomicInteger();
                team.parallel(thread -> {
                    arrived.incrementAndGet();
                    team.barrier(thread);
                    assertEquals(4, arrived.get());
                });
            }
        }
    }

    @Test
    void aNestedRegionRunsInlineUnderTheSameIndex() {
        try (Team team = new Team(3)) {
            AtomicInteger inner = new AtomicInteger();
            team.parallel(outer -> {
                Thread self = Thread.currentThread();
                team.parallel(thread -> {
                    assertEquals(outer, thread);
                    assertSame(self, Thread.currentThread());
                    team.barrier(thread); // alone: the others may be anywhere
                    inner.incrementAndGet();
                });
                team.parallelFor(0, 10, Schedule.dynamic(1), (thread, from, to) -> {
                    assertEquals(outer, thread);
                    inner.addAndGet(to - from);
                });
                assertEquals(45, team.reduce(0, 10, Schedule.guided(1), SUM)[0]);
                assertEquals(0, team.reduce(3, 3, Schedule.guided(1), SUM)[0]);
                team.parallelFor(0, 0, Schedule.STATIC, (thread, from, to) -> inner.addAndGet(1000));
                team.barrier(outer);
                assertEquals(33, inner.get());
            });
            assertEquals(33, inner.get());
        }
    }

    @Test
    void regionsOfSeveralMastersDoNotMix() throws InterruptedException {
        try (Team team = new Team(3)) {
            AtomicInteger inside = new AtomicInteger();
            List<Throwable> failures = new ArrayList<>();
            List<Thread> masters = new ArrayList<>();
            for (int m = 0; m < 4; m++) {
                Thread master = new Thread(() -> {
                    for (int round = 0; round < 100; round++) {
                        team.parallel(thread -> {
                            assertTrue(inside.incrementAndGet() <= 3);
                            team.barrier(thread);
                            assertEquals(3, inside.get());
                            team.barrier(thread);
                            inside.decrementAndGet();
                        });
                        assertEquals(4950, team.reduce(0, 100, Schedule.dynamic(9), SUM)[0]);
                    }
                });
                master.setUncaughtExceptionHandler((thread, thrown) -> {
                    synchronized (failures) {
                        failures.add(thrown);
                    }
                });
                masters.add(master);
            }
            masters.forEach(Thread::start);
            for (Thread master : masters) {
                master.join();
            }
            assertEquals(List.of(), failures);
        }
    }

    @Test
    void aTeamInsideAnotherTeamWorks() {
        try (Team outer = new Team(2); Team inner = new Team(2)) {
            AtomicInteger runs = new AtomicInteger();
            outer.parallel(a -> inner.parallel(b -> runs.incrementAndGet()));
            assertEquals(4, runs.get());
        }
    }

    @Test
    void anInterruptedMasterStillJoinsAndKeepsTheFlag() {
        try (Team team = new Team(3, WaitLimits.PARK)) {
            Thread.currentThread().interrupt();
            assertEquals(4950, team.reduce(0, 100, Schedule.STATIC, SUM)[0]);
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aClosedTeamRefusesAndMayBeClosedAgain() {
        Team team = new Team(2);
        team.close();
        team.close();
        assertThrows(IllegalStateException.class, () -> team.parallel(thread -> { }));
        assertThrows(IllegalStateException.class, () -> team.reduce(0, 1, Schedule.STATIC, SUM));
    }

    @Test
    void closingFromInsideOrABarrierFromOutsideIsRefused() {
        try (Team team = new Team(2)) {
            Runnable close = team::close;
            assertThrows(IllegalStateException.class, () -> team.parallel(thread -> close.run()));
            assertThrows(IllegalStateException.class, () -> team.barrier(0));
            assertThrows(IllegalStateException.class, () -> team.parallel(thread -> team.barrier(thread + 1)));
            assertEquals(45, team.reduce(0, 10, Schedule.STATIC, SUM)[0]);
        }
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Team(0));
        assertThrows(IllegalArgumentException.class, () -> new Team(257));
        try (Team team = new Team(2)) {
            assertThrows(IllegalArgumentException.class,
                    () -> team.parallelFor(1, 0, Schedule.STATIC, (thread, from, to) -> { }));
            assertThrows(NullPointerException.class, () -> team.parallel(null));
            assertThrows(NullPointerException.class, () -> team.parallelFor(0, 1, Schedule.STATIC, null));
            assertEquals(45, team.reduce(0, 10, Schedule.STATIC, SUM)[0]);
        }
    }

    @Test
    void theLargestTeamWorks() {
        try (Team team = new Team(Team.MAX_THREADS)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(256);
            for (int round = 0; round < 5; round++) {
                team.parallel(runs::incrementAndGet);
            }
            for (int i = 0; i < 256; i++) {
                assertEquals(5, runs.get(i));
            }
        }
    }

    @Test
    void anIdleTeamUsesNoProcessorTime() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Team team = new Team(3)) {
            Thread[] workers = new Thread[3];
            team.parallel(thread -> workers[thread] = Thread.currentThread());
            for (int i = 1; i < 3; i++) {
                while (workers[i].getState() != Thread.State.WAITING) {
                    Thread.yield(); // bounded by the test's time limit
                }
            }
            long before = threads.getThreadCpuTime(workers[1].getId()) + threads.getThreadCpuTime(workers[2].getId());
            long end = System.nanoTime() + 20_000_000L;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            long after = threads.getThreadCpuTime(workers[1].getId()) + threads.getThreadCpuTime(workers[2].getId());
            assertTrue(after - before < 1_000_000L, "used ns: " + (after - before));
        }
    }

    @Test
    void aRegionAllocatesNothingAfterWarmUp() {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[][] accumulators = new long[3][1];
        Reduction<long[]> reduction = new Reduction<>() {
            @Override
            public long[] identity(int threadIndex) {
                accumulators[threadIndex][0] = 0;
                return accumulators[threadIndex];
            }

            @Override
            public long[] accumulate(long[] accumulator, int from, int to) {
                return SUM.accumulate(accumulator, from, to);
            }

            @Override
            public long[] combine(long[] left, long[] right) {
                return SUM.combine(left, right);
            }
        };
        long[] allocated = new long[3];
        AtomicInteger visited = new AtomicInteger();
        LoopBody loop = (thread, from, to) -> visited.addAndGet(to - from);
        RegionBody measure = thread -> allocated[thread] = bean.getCurrentThreadAllocatedBytes();
        Schedule dynamic = Schedule.dynamic(3);
        try (Team team = new Team(3)) {
            long[] used = {1};
            for (int attempt = 0; attempt < 30 && Arrays.stream(used).sum() != 0; attempt++) {
                team.parallel(measure);
                team.parallel(measure); // the first call on a thread may set up the bean's own state
                long[] before = allocated.clone();
                for (int round = 0; round < 300; round++) {
                    team.parallelFor(0, 50, dynamic, loop);
                    team.parallelFor(0, 50, Schedule.STATIC, loop);
                    team.reduce(0, 50, Schedule.STATIC, reduction);
                }
                team.parallel(measure);
                // The master's own clone of the numbers before lies within its window.
                long ownClone = 16 + 3 * Long.BYTES;
                used = new long[] {
                    allocated[0] - before[0] - ownClone, allocated[1] - before[1], allocated[2] - before[2],
                };
            }
            assertEquals(0, Arrays.stream(used).sum(), Arrays.toString(used));
        }
        assertTrue(visited.get() > 0);
    }
}
