package org.ztp.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The steps of an end, each taken whether or not those before it failed. One thread takes them; any reads. */
final class OrderlyEnd {
    private final FaultHook faults;
    private final List<String> unfinished = new CopyOnWriteArrayList<>();

    OrderlyEnd(final FaultHook faults) {
        this.faults = faults;
    }

    /**
     * Takes a step.
     *
     * @param what is ended, for people
     * @param step an exception that it throws is reported
     */
    void step(final String what, final Runnable step) {
        try {
            step.run();
        } catch (final RuntimeException failed) {
            faults.report(-1, -1, "NOT_CLOSED", what + ": " + failed);
            unfinished.add(what + " could not be closed: " + failed);
        }
    }

    /** The steps that failed, one line each. */
    List<String> unfinished() {
        return List.copyOf(unfinished);
    }
}
