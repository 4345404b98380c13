package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;
import org.ztp.tuning.LoadGenerator;

/**
 * The threads that bring a transaction from the client to the journals of four replicas and back allocate nothing for
 * it (TransactionAllocationTest shows that exactly): what is left is some hundred bytes for each bundle (its id, who
 * waits for it, the reply), and what blocks, heartbeats and ticks of the clock need. Readers are not among them: they
 * read the journal for a replica that fell behind, as one may on a busy machine.
 */
@Timeout(180)
final class HotPathAllocationTest {
    private static final int BUNDLE = 100;
    private static final int PAYLOAD = 256;
    private static final int ROUNDS = 5;
    private static final long WARM_UP = 300_000;
    private static final long ROUND = 80_000;
    /** The least of several rounds stays below: about ten, and room for what the clock costs on a busy machine. */
    private static final double BYTES_PER_TRANSACTION = 24;
    private static final String HOT_PATH = "ztp-(ingest|team|replicas?|journal)-\\d+(-\\d+)?";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    @TempDir
    private Path directory;

    @Test
    void aTransactionAllocatesNothing() throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.THREADS, "2");
        final Load load = new Load(4, 250, BUNDLE, PAYLOAD, 0);
        final BenchPlan plan = new BenchPlan(4, 4, load, Configuration.with(set), 1, 1, 0, Fault.NONE, 0, directory);
        final double[] each = new double[ROUNDS];
        try (Cluster cluster = Cluster.start(plan); LoadGenerator generator = new LoadGenerator(load,
            cluster.service().genesis().chain(), cluster.service()).start()) {
            await(generator, WARM_UP);
            for (int round = 0; round < ROUNDS; round++) {
                final long first = generator.tally().transactions();
                final Map<Long, Long> before = allocated();
                await(generator, first + ROUND);
                final long done = generator.tally().transactions() - first;
                each[round] = (double) allocated().entrySet().stream()
                    .mapToLong(after -> after.getValue() - before.getOrDefault(after.getKey(), 0L)).sum() / done;
            }
            assertEquals(Optional.empty(), generator.tally().brokenBy());
        }
        assertTrue(Arrays.stream(each).min().orElseThrow() < BYTES_PER_TRANSACTION,
            "bytes a transaction: " + Arrays.toString(each));
    }

    /** Bytes that each thread of the hot path has allocated so far. */
    private Map<Long, Long> allocated() {
        final Map<Long, Long> bytes = new HashMap<>();
        for (final Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches(HOT_PATH)) {
                bytes.put(thread.getId(), threads.getThreadAllocatedBytes(thread.getId()));
            }
        }
        assertTrue(bytes.size() >= 1 + 1 + 1 + 4, bytes.toString()); // replicas may share a thread
        return bytes;
    }

    private static void await(final LoadGenerator generator, final long transactions) {
        Awaitility.await().atMost(Duration.ofSeconds(80)).until(
            () -> generator.tally().transactions() >= transactions || generator.tally().brokenBy().isPresent());
    }
}
