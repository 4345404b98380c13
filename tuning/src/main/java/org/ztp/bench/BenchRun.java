package org.ztp.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceHandler;
import org.ztp.tuning.LoadGenerator;
import org.ztp.tuning.Tally;
import org.ztp.wire.Hash;

/** One measurement from the first replica's key to the last file removed. */
final class BenchRun {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int LEAST_INTERVALS = 4;
    /** Making and signing a bundle of one transaction takes as long as what four replicas do with it, or a little longer. */
    private static final long STOCKING_TIMES = 2;

    private final BenchPlan plan;
    private final Consumer<String> progress;
    private final Warming warm;

    /** A run that tells people what it does at the moment. */
    BenchRun(final BenchPlan plan, final Consumer<String> progress) {
        this(plan, progress, (tally, times) -> { });
    }

    /** What is done under load before it is measured. */
    private interface Warming {
        void warm(Tally tally, Supplier<ProcessTimes> times);
    }

    /** A run that does something more before it measures. */
    private BenchRun(final BenchPlan plan, final Consumer<String> progress, final Warming warm) {
        this.plan = plan;
        this.progress = progress;
        this.warm = warm;
    }

    /**
     * A run that goes on warming up by intervals of so many seconds for as long as {@link WarmUp} says; by none if they are
     * 0. What is set beside it has to be as warm.
     */
    BenchRun untilSteady(final int seconds) {
        return new BenchRun(plan, progress, (tally, times) -> WarmUp.run(seconds, tally, times, progress));
    }

    /**
     * What the clients saw and what it cost, in the measured time.
     *
     * @param blocks that became final in all sub-clusters
     * @param due transactions of a paced load that were due and not final at the end
     * @param latencies times from submission to final, nanoseconds; what was due and not final counts as if it were at the end
     * @param times processor time of this process and of others that serve
     * @param stocked part of the bundles that had been made before
     */
    record Measured(long nanos, long transactions, long blocks, long refusals, long due, Histogram latencies,
                    ThreadCosts.Both costs, Drift drift, ProcessTimes times, double stocked) {
        /** Processor time of a transaction, microseconds; NaN if there was none. */
        double cpuMicros() {
            return transactions == 0 ? Double.NaN : times.cpuNs() / 1e3 / transactions;
        }
    }

    /** Measures everything. */
    BenchResult run() throws IOException {
        final double idle;
        final Measured measured;
        try (Cluster cluster = Cluster.start(plan)) {
            idle = idle();
            measured = measured(cluster);
        }
        progress.accept("measuring what this machine could do at most");
        final Limits limits = new Limits(plan);
        final double checked = limits.signature();
        return new BenchResult(plan, measured, idle, limits.hash(), checked, limits.signatureOneByOne(),
            limits.signedAndChecked(checked), limits.journal(), HostFacts.of(plan.place()));
    }

    /** Measures the load alone. */
    Measured measured() throws IOException {
        try (Cluster cluster = Cluster.start(plan)) {
            return measured(cluster);
        }
    }

    private Measured measured(final Cluster cluster) {
        return load(cluster.service().genesis().chain(), cluster.service(), Stream::empty);
    }

    /** Part of one core that the service uses without load. */
    private double idle() {
        if (plan.idleSeconds() == 0) {
            return Double.NaN;
        }
        progress.accept("idle for " + plan.idleSeconds() + " s");
        pause(SECOND_NS);
        final ThreadCosts costs = new ThreadCosts(Set.of()).start();
        final long startNs = System.nanoTime();
        pause(plan.idleSeconds() * SECOND_NS);
        return (double) costs.stop().processCpuNs() / (System.nanoTime() - startNs);
    }

    /**
     * Loads a service, and measures after the warm-up.
     *
     * @param others the other processes that serve
     */
    Measured load(final Hash chain, final ServiceHandler service, final Supplier<Stream<ProcessHandle>> others) {
        final Supplier<ProcessTimes> times =
            () -> ProcessTimes.of(Stream.concat(Stream.of(ProcessHandle.current()), others.get()));
        try (LoadGenerator generator = new LoadGenerator(plan.load(), chain, service)) {
            if (plan.stockBytes() > 0) {
                progress.accept("making bundles");
                generator.stockUp(plan.stockBytes(), STOCKING_TIMES * Math.max(1, plan.seconds()) * SECOND_NS);
                System.gc(); // the stock is old now: no collection copies it while the load runs
            }
            generator.start();
            progress.accept("warming up for " + plan.warmupSeconds() + " s");
            pause(plan.warmupSeconds() * SECOND_NS);
            warm.warm(generator.tally(), times);
            progress.accept("measuring for " + plan.seconds() + " s");
            final Measured measured = measure(generator, new ServiceView(service), times);
            generator.tally().brokenBy().ifPresent(reply -> {
                throw new CommandException(Exit.UNAVAILABLE, "the service answered: " + reply,
                    "is there room for the journals in " + plan.place() + "?");
            });
            return measured;
        }
    }

    private Measured measure(final LoadGenerator generator, final ServiceView service, final Supplier<ProcessTimes> times) {
        final Tally tally = generator.tally();
        final long blocks = service.blocks();
        if (plan.stockBytes() > 0) {
            generator.useStock();
        }
        final ThreadCosts costs = new ThreadCosts(generator.threads()).start();
        tally.takeLatencies();
        final long refusals = tally.refusals();
        final long transactions = tally.transactions();
        final ProcessTimes used = times.get();
        final long startNs = System.nanoTime();
        final int count = Math.max(LEAST_INTERVALS, plan.seconds() / 60); // minutes of a soak
        final long intervalNs = plan.seconds() * SECOND_NS / count;
        final List<Drift.Interval> intervals = new ArrayList<>();
        long before = transactions;
        long due = 0;
        for (int i = 1; i <= count; i++) {
            pause(startNs + i * intervalNs - System.nanoTime());
            final long now = tally.transactions();
            final Histogram latencies = tally.takeLatencies();
            due = i < count ? 0 : generator.addDue(latencies);
            intervals.add(new Drift.Interval(latencies, now - before, Drift.Memory.now()));
            before = now;
        }
        final long done = tally.transactions() - transactions;
        final long nanos = System.nanoTime() - startNs;
        final ThreadCosts.Both cost = costs.stop();
        final ProcessTimes spent = times.get().since(used);
        final Drift drift = new Drift(intervals, intervalNs);
        return new Measured(nanos, done, service.blocks() - blocks, tally.refusals() - refusals, due, drift.latencies(),
            cost, drift, spent, stocked(generator, done));
    }

    private double stocked(final LoadGenerator generator, final long transactions) {
        return plan.stockBytes() == 0 || transactions == 0 ? 0
            : Math.max(0, 1 - (double) generator.madeLate() * plan.load().transactions() / transactions);
    }

    /** Rests so long. */
    static void pause(final long nanos) {
        final long endNs = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = endNs - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
