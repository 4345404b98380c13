package org.ztp.bench;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.tuning.LoadGenerator;
import org.ztp.tuning.Tally;

/** A load in whose middle third something happens to replicas: how long commits pause, and what it costs. */
final class FaultRun {
    private static final long SECOND_NS = 1_000_000_000L;
    /** A look at the status costs processor time, which commits would lack. */
    private static final long LOOK_NS = 250_000_000L;

    private final BenchPlan plan;
    private final Consumer<String> progress;

    /** A run that tells people what it does at the moment. */
    FaultRun(final BenchPlan plan, final Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures. */
    FaultResult run() throws IOException {
        try (Cluster cluster = Cluster.start(plan);
             LoadGenerator generator = new LoadGenerator(plan.load(), cluster.service().genesis().chain(),
                 cluster.service())) {
            final FaultResult result = measure(generator.start().tally(), new ServiceView(cluster.service()));
            generator.tally().brokenBy().ifPresent(reply -> {
                throw new CommandException(Exit.UNAVAILABLE, "the service answered: " + reply,
                    "is there room for the journals in " + plan.place() + "?");
            });
            return result;
        }
    }

    private FaultResult measure(final Tally tally, final ServiceView service) {
        final long thirdNs = plan.seconds() * SECOND_NS / 3;
        progress.accept("warming up for " + plan.warmupSeconds() + " s");
        BenchRun.pause(plan.warmupSeconds() * SECOND_NS);
        progress.accept("measuring for " + plan.seconds() + " s");
        final LoadWindow.Figures before = figures(new LoadWindow(tally, service), thirdNs);
        final boolean leader = plan.fault() != Fault.SUB_CLUSTER_HALT;
        final int subCluster = leader ? 0 : service.subClusters().size() - 1;
        final List<Integer> victims = leader ? List.of(service.leader(0)) : service.members(subCluster);
        progress.accept(plan.fault().word() + ": " + victims);
        final LoadWindow.Figures during = figures(new LoadWindow(tally, service,
            () -> victims.forEach(victim -> service.harm(victim, plan.fault().harm()))), thirdNs);
        progress.accept("they go on: " + victims);
        final LoadWindow after = new LoadWindow(tally, service);
        final long height = service.height(subCluster);
        victims.forEach(victim -> service.harm(victim, Harm.RESUME));
        while (System.nanoTime() - after.startNs() < thirdNs && !service.areAt(subCluster, victims, height)) {
            BenchRun.pause(LOOK_NS);
        }
        final OptionalLong backNs = service.areAt(subCluster, victims, height)
            ? OptionalLong.of(System.nanoTime() - after.startNs()) : OptionalLong.empty();
        final LoadWindow.Figures catchingUp = after.read();
        BenchRun.pause(Math.max(0, after.startNs() + thirdNs - System.nanoTime()));
        return new FaultResult(plan, victims, before, during, catchingUp, after.read(), backNs);
    }

    private static LoadWindow.Figures figures(final LoadWindow window, final long nanos) {
        BenchRun.pause(nanos);
        return window.read();
    }
}
