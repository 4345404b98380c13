package org.ztp.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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

    /** How much shorter the replica is away the first time, which is not what is measured. */
    private static final int FIRST_PART = 3;
    private static final int PATIENCE = 12;

    private final BenchPlan plan;
    private final Consumer<String> progress;

    /**
     * From the end of a fault until the replicas that it befell had all that they had missed.
     *
     * @param figures of that time
     * @param backNs how long it was, nanoseconds; empty if they were not back by then
     */
    record Return(LoadWindow.Figures figures, OptionalLong backNs) { }

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
        WarmUp.run(plan.warmupSeconds(), tally, LoadWindow::times, progress);
        final boolean leader = plan.fault() != Fault.SUB_CLUSTER_HALT;
        final int subCluster = leader ? 0 : service.subClusters().size() - 1;
        Optional<Return> first = Optional.empty();
        if (leader && plan.warmupSeconds() > 0) {
            progress.accept(plan.fault().word() + " for the first time in this process");
            final List<Integer> victims = List.of(service.leader(0));
            victims.forEach(victim -> service.harm(victim, plan.fault().harm()));
            BenchRun.pause(thirdNs / FIRST_PART);
            first = Optional.of(goOn(tally, service, subCluster, victims, thirdNs / FIRST_PART));
            WarmUp.run(plan.warmupSeconds(), tally, LoadWindow::times, progress); // what ran then is compiled now
        }
        progress.accept("measuring for " + plan.seconds() + " s");
        final LoadWindow.Figures before = figures(new LoadWindow(tally, service), thirdNs);
        final List<Integer> victims = leader ? List.of(service.leader(0)) : service.members(subCluster);
        progress.accept(plan.fault().word() + ": " + victims);
        final LoadWindow.Figures during = figures(new LoadWindow(tally, service,
            () -> victims.forEach(victim -> service.harm(victim, plan.fault().harm()))), thirdNs);
        progress.accept("they go on: " + victims);
        final Return back = goOn(tally, service, subCluster, victims, thirdNs);
        return new FaultResult(plan, victims, first, before, during, back,
            figures(new LoadWindow(tally, service), thirdNs));
    }

    /**
     * Lets them go on, and measures until they have all that the others have, or for {@value #PATIENCE} times as long as
     * they were away.
     */
    private Return goOn(final Tally tally, final ServiceView service, final int subCluster, final List<Integer> victims,
                        final long awayNs) {
        final LoadWindow window = new LoadWindow(tally, service);
        victims.forEach(victim -> service.harm(victim, Harm.RESUME));
        boolean back = false;
        while (!back && System.nanoTime() - window.startNs() < PATIENCE * awayNs) {
            BenchRun.pause(LOOK_NS);
            back = service.areBack(subCluster, victims);
        }
        final LoadWindow.Figures figures = window.read();
        return new Return(figures, back ? OptionalLong.of(figures.nanos()) : OptionalLong.empty());
    }

    private static LoadWindow.Figures figures(final LoadWindow window, final long nanos) {
        BenchRun.pause(nanos);
        return window.read();
    }
}
