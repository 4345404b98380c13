package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Duties that take turns on one thread. */
@Timeout(60)
final class SharedThreadTest {
    private final SharedThread thread = new SharedThread("shared", 2).start();

    @AfterEach
    void end() {
        thread.stop();
    }

    /** Does what it is handed, and rests for long without. */
    private static final class Handed implements Duty {
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

        @Override
        public int work() {
            final Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
            return task == null ? 0 : 1;
        }

        @Override
        public long restNs() {
            return TimeUnit.HOURS.toNanos(1);
        }
    }

    private static <T> T of(final CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Thread> whoDoes(final Handed duty, final SharedThread.Place place) {
        final CompletableFuture<Thread> who = new CompletableFuture<>();
        duty.tasks.add(() -> who.complete(Thread.currentThread()));
        place.signal();
        return who;
    }

    private SharedThread.Place started(final Duty duty) {
        final SharedThread.Place place = thread.new Place(duty, failure -> { });
        place.start();
        return place;
    }

    @Test
    void allDutiesAreDoneByOneThreadHoweverLongItRested() throws Exception {
        final Handed one = new Handed();
        final Handed other = new Handed();
        final SharedThread.Place first = started(one);
        final SharedThread.Place second = started(other);
        for (int i = 0; i < 200; i++) {
            assertSame(of(whoDoes(one, first)), of(whoDoes(other, second)));
        }
    }

    @Test
    void whatFailsLosesItsPlaceAndTheOtherGoesOn() throws Exception {
        final CompletableFuture<Throwable> told = new CompletableFuture<>();
        final Handed failing = new Handed();
        final Handed other = new Handed();
        final SharedThread.Place place = thread.new Place(failing, told::complete);
        final SharedThread.Place stays = started(other);
        place.start();
        failing.tasks.add(() -> {
            throw new OutOfMemoryError("planned");
        });
        place.signal();
        assertEquals("planned", of(told).getMessage());
        failing.tasks.add(() -> { });
        of(whoDoes(other, stays));
        of(whoDoes(other, stays));
        assertEquals(1, failing.tasks.size());
        place.stop(); // at once
    }

    @Test
    void aFailureThatCannotBeToldOfEndsNobodyElse() throws Exception {
        final Handed failing = new Handed();
        final Handed other = new Handed();
        final SharedThread.Place place = thread.new Place(failing, failure -> {
            throw new IllegalStateException("planned, too", failure);
        });
        final SharedThread.Place stays = started(other);
        place.start();
        failing.tasks.add(() -> {
            throw new IllegalStateException("planned");
        });
        place.signal();
        place.stop();
        of(whoDoes(other, stays));
    }

    @Test
    void aHungDutyHasNoTurnsUntilItGoesOnAndHoldsBackNobody() throws Exception {
        final Handed hanging = new Handed();
        final Handed other = new Handed();
        final SharedThread.Place place = started(hanging);
        final SharedThread.Place stays = started(other);
        of(whoDoes(hanging, place));
        place.hang(true);
        of(whoDoes(other, stays)); // the round that may have been under way is over
        final CompletableFuture<Thread> later = whoDoes(hanging, place);
        of(whoDoes(other, stays));
        of(whoDoes(other, stays));
        assertTrue(!later.isDone() && hanging.tasks.size() == 1);
        place.hang(false);
        of(later);
    }

    @Test
    void whoStopsADutyWaitsForItsTurnAndThenThereIsNone() throws Exception {
        final AtomicInteger turns = new AtomicInteger();
        final CompletableFuture<Void> inside = new CompletableFuture<>();
        final CompletableFuture<Void> release = new CompletableFuture<>();
        final Handed duty = new Handed();
        final SharedThread.Place place = started(duty);
        duty.tasks.add(() -> {
            inside.complete(null);
            release.join();
            turns.incrementAndGet();
        });
        place.signal();
        of(inside);
        final CompletableFuture<Integer> stopped = CompletableFuture.supplyAsync(() -> {
            place.stop();
            return turns.get();
        });
        assertTrue(!stopped.isDone());
        release.complete(null);
        assertEquals(1, of(stopped));
        duty.tasks.add(turns::incrementAndGet);
        final Handed other = new Handed();
        of(whoDoes(other, started(other)));
        assertEquals(1, turns.get());
    }

    @Test
    void neitherAThreadThatEndedNorAPlaceThatWasNeverTakenIsWaitedFor() throws Exception {
        final Handed duty = new Handed();
        final SharedThread.Place place = started(duty);
        of(whoDoes(duty, place));
        thread.new Place(new Handed(), failure -> { }).stop();
        thread.stop();
        place.stop();
        final SharedThread.Place late = started(new Handed());
        late.stop();
    }

    @Test
    void whenTheThreadItselfFailsEachDutyIsToldAndWhoComesLater() throws Exception {
        final Error gone = new OutOfMemoryError("for a test");
        final CompletableFuture<Throwable> first = new CompletableFuture<>();
        final CompletableFuture<Throwable> second = new CompletableFuture<>();
        final CompletableFuture<Throwable> late = new CompletableFuture<>();
        final Duty failing = new Duty() {
            @Override
            public int work() {
                return 0;
            }

            @Override
            public long restNs() {
                throw gone;
            }
        };
        final SharedThread.Place quiet = thread.new Place(new Handed(), first::complete);
        quiet.start();
        thread.new Place(failing, second::complete).start();
        assertSame(gone, of(first));
        assertSame(gone, of(second));
        quiet.stop();
        thread.new Place(new Handed(), late::complete).start();
        assertSame(gone, of(late));
    }
}
