package org.ztp.mutants;

import java.util.function.BiFunction;
import org.ztp.simulation.Replay;
import org.ztp.simulation.Shrinker;

/**
 * The shortest failing run that is found for a seed with one mutant on: its options, and what is wrong when it is
 * repeated. Loaded with the mutated classes.
 */
public final class ShrunkRun implements BiFunction<Integer, Long, String> {
    @Override
    public String apply(final Integer mutant, final Long seed) {
        Switch.turn(mutant);
        try {
            final Replay failing = Replay.of(seed);
            final Replay shrunk = new Shrinker(failing, failing.failure().orElseThrow()).shrunk();
            return shrunk.options() + ": " + shrunk.failure().orElseThrow().violation();
        } finally {
            Switch.turn(-1);
        }
    }
}
