package org.ztp.mutants;

import java.util.function.BiFunction;
import org.ztp.simulation.SimulatedAllocation;

/** As {@link SeedRun}, of an allocation whose clients share data. */
public final class AllocationRun implements BiFunction<Integer, Long, String> {
    private static final int REPLICAS = 8;
    private static final int MEMBERS = 4;
    private static final int SECONDS = 6;
    private static final int BUNDLES_PER_SECOND = 20;

    @Override
    public String apply(final Integer mutant, final Long seed) {
        return Switch.found(mutant, () -> new SimulatedAllocation(seed, REPLICAS, MEMBERS).run(SECONDS, BUNDLES_PER_SECOND));
    }
}
