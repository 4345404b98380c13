package org.ztp.mpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ztp.transport.TransportException;

/** What a rank finds in its environment, and must: the library reads it as it loads, so Java cannot set it. */
final class RankEnvironment {
    /** Set, to whatever, by everything that starts ranks; {@code native/env.sh} says why. */
    private static final List<String> NEEDED = List.of("UCX_ERROR_SIGNALS", "OMPI_MCA_opal_event_include");
    private static final List<String> RANKS = List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK");

    private RankEnvironment() {
    }

    /** Refuses an environment in which MPI would not start, or would not survive a failure. */
    static void check(final Map<String, String> environment) throws TransportException {
        if (RANKS.stream().noneMatch(environment::containsKey)) {
            throw new TransportException("this process is not a rank: neither " + String.join(" nor ", RANKS) + " is set",
                "start it with `ztp launch`, mpirun or srun --mpi=pmix");
        }
        final List<String> missing = new ArrayList<>(NEEDED);
        missing.removeAll(environment.keySet());
        if (!missing.isEmpty()) {
            throw new TransportException("not set for this rank: " + String.join(", ", missing),
                "start it with `ztp launch`, or source native/env.sh before java");
        }
    }
}
