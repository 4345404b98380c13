package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class BarrierTest {
    @ParameterizedTest
    @CsvSource({"1, 0, 0, 5000", "2, 100, 10, 5000", "2, 0, 0, 1000", "3, 0, 3, 1000", "7, 0, 0, 300", "8, 50, 5, 300"})
    void nobodyIsEverAPhaseAhead(int parties, int spins, int yields, int rounds) throws InterruptedException {
        Barrier barrier = new Barrier(parties, new WaitLimits(spins, yields));
        int[] counts = new int[parties]; // plain: the barrier makes them visible
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < parties; p++) {
            int party = p;
            Thread thread = new Thread(() -> {
                for (int round = 1; round <= rounds; round++) {
                    counts[party] = round;
                    barrier.await(party);
                    for (int count : counts) {
                        if (count != round) {
                            wrong.incrementAndGet();
                        }
                    }
                    barrier.await(party);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void aBrokenBarrierFailsUntilItIsReset() throws InterruptedException {
        Barrier barrier = new Barrier(2, WaitLimits.PARK);
        AtomicInteger failed = new AtomicInteger();
        Thread waiting = new Thread(() -> {
            assertThrows(IllegalStateException.class, () -> barrier.await(0));
            failed.incrementAndGet();
        });
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.yield(); // bounded by the test's time limit
        }
        barrier.breakNow();
        waiting.join();
        assertEquals(1, failed.get());
        assertThrows(IllegalStateException.class, () -> barrier.await(1));
        barrier.reset();
        Thread other = new Thread(() -> barrier.await(0));
        other.start();
        barrier.await(1);
        other.join();
    }

    @Test
    void partiesAndLimitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Barrier(0, WaitLimits.PARK));
        assertThrows(IllegalArgumentException.class, () -> new WaitLimits(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new WaitLimits(0, 1_000_001));
        assertEquals(0, WaitLimits.forThreads(3, 2).spins());
    }
}
