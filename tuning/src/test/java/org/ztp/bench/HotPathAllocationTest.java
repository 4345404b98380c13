package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
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
 * The whole service, four replicas and all, allocates nothing for a transaction: what is left is for each bundle about
 * 300 bytes (its id, who waits for it, the reply), and for each block, heartbeat and tick of the clock.
 */
@Timeout(180)
final class HotPathAllocationTest {
    private static final int BUNDLE = 100;
    private static final int PAYLOAD = 256;
    private static final long WARM_UP = 300_000;
    private static final long MEASURED = 300_000;
    /**
     * About three for the bundle, as much for blocks of tens of thousands of transactions, and room for the clock on a
     * machine that is busy with other things.
     */
    private static final double BYTES_PER_TRANSACTION = 16;

    @TempDir
    private Path directory;

    @Test
    void aTransactionAllocatesNothing() throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.THREADS, "2");
        final Load load = new Load(4, 250, BUNDLE, PAYLOAD, 0);
        final BenchPlan plan = new BenchPlan(4, 4, load, Configuration.with(set), 1, 1, 0, Fault.NONE,
            directory);
        try (Cluster cluster = Cluster.start(plan); LoadGenerator generator = new LoadGenerator(load,
            cluster.service().genesis().chain(), cluster.service()).start()) {
            await(generator, WARM_UP);
            final long before = generator.tally().transactions();
            final ThreadCosts costs = new ThreadCosts(generator.threads()).start();
            await(generator, before + MEASURED);
            final ThreadCosts.Both spent = costs.stop();
            final long done = generator.tally().transactions() - before;
            assertEquals(Optional.empty(), generator.tally().brokenBy());
            final double each = (double) spent.service().allocatedBytes() / done;
            assertTrue(each < BYTES_PER_TRANSACTION, "bytes a transaction: " + each);
        }
    }

    private static void await(final LoadGenerator generator, final long transactions) {
        Awaitility.await().atMost(Duration.ofSeconds(80)).until(
            () -> generator.tally().transactions() >= transactions || generator.tally().brokenBy().isPresent());
    }
}
