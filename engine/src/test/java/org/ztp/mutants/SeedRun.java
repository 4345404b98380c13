package org.ztp.mutants;

import java.util.function.BiFunction;
import org.ztp.simulation.SimulatedCluster;

/** One seed of the simulation with one mutant on: what was found, or nothing. Loaded with the mutated classes. */
public final class SeedRun implements BiFunction<Integer, Long, String> {
    private static final int SECONDS = 6;
    private static final int BUNDLES_PER_SECOND = 20;

    @Override
    public String apply(final Integer mutant, final Long seed) {
        return Switch.found(mutant, () -> new SimulatedCluster(seed).run(SECONDS, BUNDLES_PER_SECOND));
    }
}
