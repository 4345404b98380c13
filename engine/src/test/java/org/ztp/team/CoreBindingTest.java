package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.team.CoreBinding.Outcome;

@Timeout(30)
class CoreBindingTest {
    private final List<Integer> cores = CoreBinding.allowedCores(Path.of("/proc/self"));

    @Test
    void theKernelShowsTheBoundCoreAndLeavesOtherThreadsAlone() {
        int last = cores.get(cores.size() - 1);
        CompletableFuture<List<Integer>> bound = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            assertEquals(Outcome.BOUND, CoreBinding.bindCurrentThread(last));
            String threadId = CoreBinding.currentThreadId().orElseThrow();
            bound.complete(CoreBinding.allowedCores(Path.of("/proc/self/task", threadId)));
        });
        thread.setUncaughtExceptionHandler((failed, thrown) -> bound.completeExceptionally(thrown));
        thread.start();
        assertEquals(List.of(last), bound.join());
        assertEquals(cores, CoreBinding.allowedCores(Path.of("/proc/thread-self")));
    }

    @Test
    void aCoreThatIsNotThereIsRefused() {
        assertEquals(Outcome.REFUSED, CoreBinding.bindCurrentThread(99_999));
        assertEquals(cores, CoreBinding.allowedCores(Path.of("/proc/thread-self")));
    }

    @Test
    void everyWorkerHasAnOutcome() {
        try (Team team = new Team(2)) {
            assertEquals(List.of(cores.size() < 2 ? Outcome.TOO_FEW_CORES : Outcome.BOUND), CoreBinding.bindWorkers(team));
        }
        try (Team team = new Team(cores.size() + 1)) {
            List<Outcome> outcomes = CoreBinding.bindWorkers(team);
            assertEquals(cores.size(), outcomes.size());
            assertTrue(outcomes.stream().allMatch(outcome -> outcome == Outcome.TOO_FEW_CORES));
        }
    }

    @Test
    void readsTheKernelsLists() {
        assertEquals(List.of(0, 1, 2, 3, 8, 10, 11), CoreBinding.parseCores(" 0-3,8,10-11\n"));
        assertEquals(List.of(5), CoreBinding.parseCores("5"));
        for (String other : new String[] {"", "-", "1-", ",1", "1,,2", "a", "1-2-3"}) {
            assertEquals(List.of(), CoreBinding.parseCores(other), other);
        }
        assertEquals(List.of(), CoreBinding.allowedCores(Path.of("/proc/self/no-such-thread")));
    }
}
