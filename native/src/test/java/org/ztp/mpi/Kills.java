package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Kills ranks of a service under load, and measures how long blocks were missing, as {@code ztp status} tells it, and
 * when spares vote in their stead.
 */
final class Kills {
    /** The detector's limit that the service runs with. */
    private static final long DETECTOR_MILLIS = 1_000;
    private static final long MOST_GAP_MILLIS = DETECTOR_MILLIS + 500;
    private static final long MOST_UNTIL_VOTE_MILLIS = 5_000;

    private final LaunchedService service;

    Kills(final LaunchedService service) {
        this.service = service;
    }

    /**
     * Kills the ranks of some replicas at once; blocks go on and spares vote in time, but for waiting for a processor.
     */
    void kill(final List<Integer> replicas) throws IOException {
        final Config status = service.awaitStatus();
        final Map<Integer, Integer> next = new HashMap<>();
        replicas.forEach(one -> next.put(one, 1 + LaunchedService.replica(status, one).orElseThrow().getInt("incarnation")));
        final List<ProcessHandle> victims = replicas.stream().map(one -> service.process(service.rankOf(one))).toList();
        final Waits waits = new Waits(service.running());
        final long killedMillis = System.currentTimeMillis();
        final long killedNs = System.nanoTime();
        victims.forEach(ProcessHandle::destroyForcibly);
        next.forEach((replica, incarnation) -> service.awaitLine("takes over replica=" + replica + " incarnation="
            + incarnation + " "));
        final long takenMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs);
        next.forEach((replica, incarnation) -> service.awaitReplica(replica, "votes as incarnation " + incarnation,
            one -> one.getInt("incarnation") >= incarnation && LaunchedService.votes(one)));
        final long voteMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs);
        final long gapMillis = gapSince(killedMillis, replicas);
        final long waitMillis = waits.longestMillis();
        final String told = "replicas " + replicas + " are taken over after " + takenMillis + " ms and vote after "
            + voteMillis + " ms, blocks were missing for " + gapMillis + " ms; the threads of a rank waited for a processor for " + waitMillis + " ms";
        System.out.println(told);
        assertTrue(gapMillis <= MOST_GAP_MILLIS + waitMillis, told);
        assertTrue(voteMillis <= MOST_UNTIL_VOTE_MILLIS + waitMillis, told);
    }

    /** The longest time without blocks that ended since then, as the others saw it; 0 if there was none. */
    private long gapSince(final long millis, final List<Integer> without) {
        return service.awaitStatus().getConfigList("subClusters").stream()
            .flatMap(group -> group.getConfigList("replicas").stream())
            .filter(one -> !without.contains(one.getInt("id")) && LaunchedService.votes(one)
                && one.getLong("lastGapEndMillis") >= millis)
            .mapToLong(one -> one.getLong("lastGapMillis")).max().orElse(0);
    }
}
