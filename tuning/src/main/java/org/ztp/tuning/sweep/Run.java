package org.ztp.tuning.sweep;

import org.ztp.tuning.Load;

/**
 * One run, as evidence.
 *
 * @param phase what it was for
 * @param startedNs when it began, nanoseconds since the search began
 * @param point settings
 * @param load what the clients did
 * @param outcome what it gave
 */
public record Run(Phase phase, long startedNs, Point point, Load load, Outcome outcome) {
    /** What a run is for. */
    public enum Phase {
        /** The program gets warm; the figures do not count. */
        WARMUP,
        /** Each setting alone. */
        SCREENING,
        /** The promising ones and their combinations, fewer and fewer. */
        HALVING,
        /** One step of each setting around the best. */
        DESCENT,
        /** The challenger and the default in pairs; these runs decide. */
        DUEL,
        /** Both at several loads, for the figure. */
        CURVE
    }
}
