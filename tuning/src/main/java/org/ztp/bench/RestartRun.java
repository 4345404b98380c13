package org.ztp.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.tuning.Load;
import org.ztp.tuning.LoadGenerator;

/** Fills a new ledger, stops the service in order, and measures how long it takes to serve again. */
final class RestartRun {
    private static final long LOOK_NS = 2_000_000L;
    private static final long FIRST_NS = 60_000_000_000L;

    private final BenchPlan plan;
    private final int restarts;
    private final Consumer<String> progress;

    /**
     * A run.
     *
     * @param plan the cluster and what fills it; its times are not used
     * @param restarts how often it is started again
     * @param progress told what is done
     */
    RestartRun(final BenchPlan plan, final int restarts, final Consumer<String> progress) {
        this.plan = plan;
        this.restarts = restarts;
        this.progress = progress;
    }

    /**
     * What was measured of a ledger.
     *
     * @param transactions in it
     * @param blocks in it
     * @param startMillis median time until all replicas run
     * @param firstMillis median time from the begin of the start until a new transaction is final
     * @param heapBytes used after a start, without garbage
     * @param stateBytes of all replicas' state and indexes on disk
     * @param journalBytes of all replicas' journals on disk, with what is preallocated
     */
    record Measured(long transactions, long blocks, double startMillis, double firstMillis, long heapBytes,
                    long stateBytes, long journalBytes) { }

    /** Fills the ledger until it has so many transactions, and restarts it. */
    Measured run(final long transactions) throws IOException {
        try (Cluster cluster = Cluster.start(plan)) {
            progress.accept("filling a ledger of " + transactions + " transactions");
            final LoadGenerator generator = cluster.fill(plan, transactions);
            final List<Double> starts = new ArrayList<>();
            final List<Double> firsts = new ArrayList<>();
            for (int i = 0; i < restarts; i++) {
                final long beganNs = System.nanoTime();
                final long downNs = cluster.restart();
                starts.add((System.nanoTime() - beganNs - downNs) / 1e6);
                first(cluster);
                firsts.add((System.nanoTime() - beganNs - downNs) / 1e6);
            }
            System.gc();
            final long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Measured(generator.tally().transactions(), generator.tally().height(), median(starts),
                median(firsts), heap, cluster.bytes("state"), cluster.bytes("journal"));
        }
    }

    /** Waits until a new transaction is final. */
    private void first(final Cluster cluster) {
        final Load one = new Load(1, 1, 1, plan.load().payloadBytes(), 0);
        final LoadGenerator generator = new LoadGenerator(one, cluster.service().genesis().chain(), cluster.service());
        try (generator) {
            generator.start();
            final long limitNs = System.nanoTime() + FIRST_NS;
            while (generator.tally().transactions() == 0 && generator.tally().brokenBy().isEmpty()) {
                if (System.nanoTime() - limitNs > 0) {
                    throw new CommandException(Exit.UNAVAILABLE, "nothing became final within a minute of a restart",
                        "is the machine overloaded?");
                }
                BenchRun.pause(LOOK_NS / 8);
            }
        }
        Cluster.refuse(generator, plan);
    }

    private static double median(final List<Double> values) {
        Collections.sort(values);
        return (values.get((values.size() - 1) / 2) + values.get(values.size() / 2)) / 2;
    }
}
