package org.ztp.runtime;

import java.util.function.Consumer;

/**
 * A thread for one duty: it works while there is work, and rests until it is signalled or its duty's next deadline is due. The
 * only place of a {@link SharedThread}, which ends with it.
 */
final class DutyThread {
    private final SharedThread thread;
    private final SharedThread.Place place;

    /**
     * A thread that is not started yet.
     *
     * @param name of the thread
     * @param duty what it does
     * @param idleTurns how often it looks again, yielding, before it rests
     * @param onFailure told when the duty throws; the thread ends then
     */
    DutyThread(final String name, final Duty duty, final int idleTurns, final Consumer<Throwable> onFailure) {
        thread = new SharedThread(name, idleTurns);
        place = thread.new Place(duty, failure -> {
            thread.stop();
            onFailure.accept(failure);
        });
    }

    DutyThread start() {
        place.start();
        thread.start();
        return this;
    }

    /** There is something to do. Any thread. */
    void signal() {
        place.signal();
    }

    /** Lets the thread hang, as if it got no processor, or go on. */
    void hang(final boolean hangs) {
        place.hang(hangs);
    }

    /** Ends the thread after its current turn, and waits for that; one that was not started never will be. */
    void stop() {
        place.stop();
        thread.stop();
    }
}
