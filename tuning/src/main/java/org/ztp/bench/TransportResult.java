package org.ztp.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.ztp.config.Setting;

/**
 * The same load on replicas in this process and on replicas that are ranks, one after the other. Ranks are processes of
 * their own, so each checks what it gets: beside the local mode as it was asked for stands the local mode in which each
 * replica does too, which is the same work.
 *
 * @param local in this process
 * @param each in this process, each replica checking for itself; as {@code local} if that does so already
 * @param ranks over MPI: what the clients saw
 */
record TransportResult(BenchResult local, BenchRun.Measured each, BenchRun.Measured ranks) {
    /** Starts the cluster whose replicas are processes of their own. */
    @FunctionalInterface
    interface Starter {
        /** A new one. */
        LaunchedCluster start() throws IOException;
    }

    /**
     * Measures all of it, each after it has warmed up until little is compiled.
     *
     * @param plan what is measured
     * @param checkingEach the same with {@code checks = each}
     * @param starter starts the ranks, with the same configuration
     * @param progress told what is done at the moment
     */
    static TransportResult run(final BenchPlan plan, final BenchPlan checkingEach,
                               final Starter starter, final Consumer<String> progress) throws IOException {
        progress.accept("replicas in this process");
        final BenchResult local = new BenchRun(plan, progress).untilSteady(plan.warmupSeconds()).run();
        final BenchRun.Measured each;
        if (plan.configuration().text(Setting.CHECKS).equals("each")) {
            each = local.measured();
        } else {
            progress.accept("replicas in this process, each checks for itself");
            each = new BenchRun(checkingEach, progress).untilSteady(plan.warmupSeconds()).measured();
        }
        progress.accept("a rank for each replica");
        final BenchPlan longer = plan.warmedUpFor(plan.warmupSeconds() * plan.replicas()); // each compiles for itself
        try (LaunchedCluster cluster = starter.start()) {
            return new TransportResult(local, each, new BenchRun(longer, progress).untilSteady(plan.warmupSeconds())
                .load(cluster.chain(), cluster.handler(), cluster::processes));
        }
    }

    private static double transactionsPerSecond(final BenchRun.Measured run) {
        return run.transactions() * 1e9 / run.nanos();
    }

    private double toEach() {
        return transactionsPerSecond(ranks) / transactionsPerSecond(each);
    }

    private double toLocal() {
        return transactionsPerSecond(ranks) / local.transactionsPerSecond();
    }

    private double micros(final double percentile) {
        return ranks.latencies().getValueAtPercentile(percentile) / 1e3;
    }

    /** The figures of the local run by their names, and those over MPI by theirs; times in microseconds. */
    Map<String, Object> document() {
        final Map<String, Object> out = new LinkedHashMap<>(local.document());
        out.put("mpiTxPerSecond", BenchResult.round(transactionsPerSecond(ranks)));
        out.put("mpiBlocksPerSecond", BenchResult.round(ranks.blocks() * 1e9 / ranks.nanos()));
        out.put("mpiP50Micros", BenchResult.round(micros(50)));
        out.put("mpiP99Micros", BenchResult.round(micros(99)));
        out.put("mpiCpuMicrosPerTx", BenchResult.round(ranks.cpuMicros()));
        out.put("mpiCompilerFraction", BenchResult.round(ranks.times().compilerShare()));
        out.put("mpiToLocal", BenchResult.round(toLocal()));
        out.put("eachTxPerSecond", BenchResult.round(transactionsPerSecond(each)));
        out.put("eachCpuMicrosPerTx", BenchResult.round(each.cpuMicros()));
        out.put("eachCompilerFraction", BenchResult.round(each.times().compilerShare()));
        out.put("mpiToEach", BenchResult.round(toEach()));
        return out;
    }

    /** All of it for people. */
    String text() {
        return """
            %s
            over MPI            %,12.0f   transactions/s: %.0f %% of that; p50 %.2f ms   p99 %.2f ms
            processor time      %,12.2f   us a transaction, of all ranks and the clients; %.1f %% of it the compilers'
            in one process,     %,12.0f   transactions/s if each replica checks for itself, as ranks do: over MPI %.0f %%
            processor time      %,12.2f   us a transaction: over MPI %.2f times that; %.1f %% of it the compilers'""".formatted(
            local.text(), transactionsPerSecond(ranks), 100 * toLocal(), micros(50) / 1e3, micros(99) / 1e3,
            ranks.cpuMicros(), 100 * ranks.times().compilerShare(), transactionsPerSecond(each), 100 * toEach(), each.cpuMicros(),
            ranks.cpuMicros() / each.cpuMicros(), 100 * each.times().compilerShare());
    }
}
