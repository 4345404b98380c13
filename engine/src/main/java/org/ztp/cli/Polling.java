package org.ztp.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks again for what the service does not say yet: its replicas learn of the same thing one after the other. */
final class Polling {
    /** How often to look for what comes in a moment. */
    static final long SOON_NS = 10_000_000;

    private Polling() {
    }

    /**
     * The first answer that will do, or the last one when the time is over; it is asked at least once.
     *
     * @param limitNs for how long
     * @param everyNs time between two questions
     */
    static <T> T until(final Predicate<T> enough, final long limitNs, final long everyNs, final Supplier<T> question) {
        final long limit = System.nanoTime() + limitNs;
        T answer = question.get();
        while (!enough.test(answer) && System.nanoTime() - limit < 0) {
            pause(everyNs);
            answer = question.get();
        }
        return answer;
    }

    /** Rests; ends the command if it is interrupted. */
    static void pause(final long ns) {
        try {
            TimeUnit.NANOSECONDS.sleep(ns);
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("");
        }
    }
}
