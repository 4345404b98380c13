package org.ztp.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The same load on replicas in this process and on replicas that are ranks, one after the other.
 *
 * @param local in this process
 * @param ranks over MPI: what the clients saw
 */
record TransportResult(BenchResult local, BenchRun.Measured ranks) {
    /** Measures both. */
    static TransportResult run(final BenchPlan plan, final List<String> settings, final Consumer<String> progress)
            throws IOException {
        progress.accept("replicas in this process");
        final BenchResult local = new BenchRun(plan, progress).run();
        progress.accept("a rank for each replica");
        final BenchPlan longer = plan.warmedUpFor(plan.warmupSeconds() * plan.replicas()); // each compiles for itself
        try (LaunchedCluster cluster = LaunchedCluster.ranks(plan.place(), plan.replicas(), plan.subClusterSize(),
            settings)) {
            return new TransportResult(local, new BenchRun(longer, progress).load(cluster.chain(), cluster.handler(),
                cluster::cpuNs));
        }
    }

    private double transactionsPerSecond() {
        return ranks.transactions() * 1e9 / ranks.nanos();
    }

    private double cpuMicros() {
        return (ranks.elsewhereCpuNs() + ranks.costs().processCpuNs()) / 1e3 / Math.max(1, ranks.transactions());
    }

    private double micros(final double percentile) {
        return ranks.latencies().getValueAtPercentile(percentile) / 1e3;
    }

    /** The figures of the local run by their names, and those over MPI by theirs; times in microseconds. */
    Map<String, Object> document() {
        final Map<String, Object> out = new LinkedHashMap<>(local.document());
        out.put("mpiTxPerSecond", BenchResult.round(transactionsPerSecond()));
        out.put("mpiBlocksPerSecond", BenchResult.round(ranks.blocks() * 1e9 / ranks.nanos()));
        out.put("mpiP50Micros", BenchResult.round(micros(50)));
        out.put("mpiP99Micros", BenchResult.round(micros(99)));
        out.put("mpiCpuMicrosPerTx", BenchResult.round(cpuMicros()));
        out.put("mpiToLocal", BenchResult.round(transactionsPerSecond() / local.transactionsPerSecond()));
        return out;
    }

    /** All of it for people. */
    String text() {
        return """
            %s
            over MPI            %,12.0f   transactions/s: %.0f %% of that; p50 %.2f ms   p99 %.2f ms
            processor time      %,12.2f   us a transaction, of all ranks and the clients""".formatted(
            local.text(), transactionsPerSecond(), 100 * transactionsPerSecond() / local.transactionsPerSecond(),
            micros(50) / 1e3, micros(99) / 1e3, cpuMicros());
    }
}
