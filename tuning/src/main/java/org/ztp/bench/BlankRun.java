package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.tuning.LoadGenerator;

/**
 * Fills a new ledger, takes a replica its disk, and measures what it takes until it votes again; nobody else wants
 * anything.
 */
final class BlankRun {
    private static final long LOOK_NS = 20_000_000L;
    private static final long BACK_NS = 600_000_000_000L;
    /** What a replica keeps beside its key. */
    private static final List<String> KEPT = List.of("journal", "safety", "state");

    private final BenchPlan plan;
    private final boolean archived;
    private final Consumer<String> progress;

    /**
     * A run.
     *
     * @param plan the cluster and what fills it; its times are not used
     * @param archived whether it has an archive, from which the replica reads first
     * @param progress told what is done
     */
    BlankRun(final BenchPlan plan, final boolean archived, final Consumer<String> progress) {
        this.plan = plan;
        this.archived = archived;
        this.progress = progress;
    }

    /**
     * What was measured of a ledger.
     *
     * @param transactions in it
     * @param blocks in it
     * @param archived whether there was an archive
     * @param backNs from the order to start until it had all blocks and was free to vote, nanoseconds
     * @param cpuNs processor time of the whole process meanwhile, nanoseconds: the blank replica and those that gave
     * @param allocatedBytes allocated meanwhile by all threads
     * @param journalBytes its journal
     * @param stateBytes its state and indexes
     */
    record Measured(long transactions, long blocks, boolean archived, long backNs, long cpuNs, long allocatedBytes,
                    long journalBytes, long stateBytes) { }

    /** Fills the ledger until it has so many transactions, and measures. */
    Measured run(final long transactions) throws IOException {
        try (Cluster cluster = Cluster.start(plan)) {
            progress.accept("filling a ledger of " + transactions + " transactions");
            final LoadGenerator filled = cluster.fill(plan, transactions);
            final ServiceView view = new ServiceView(cluster.service());
            final long height = view.height(0);
            if (archived) {
                await(() -> view.archivedHeight(0) >= height, "the archive does not have all");
            }
            final int blank = (view.leader(0) + 2) % plan.replicas();
            view.harm(blank, Harm.STOP);
            for (final String kept : KEPT) {
                DirectoryTree.delete(cluster.directory().replica(blank).resolve(kept));
            }
            progress.accept("replica " + blank + " starts with nothing");
            final ThreadCosts costs = new ThreadCosts(Set.of()).start();
            final long beganNs = System.nanoTime();
            view.harm(blank, Harm.RESUME);
            await(() -> view.areAt(0, List.of(blank), height) && view.votes(0, blank), "it did not come back");
            final long backNs = System.nanoTime() - beganNs;
            final ThreadCosts.Both both = costs.stop();
            final Path own = cluster.directory().replica(blank);
            return new Measured(filled.tally().transactions(), height, archived, backNs, both.processCpuNs(),
                both.service().allocatedBytes(), Cluster.bytes(own, "journal"), Cluster.bytes(own, "state"));
        }
    }

    private static void await(final BooleanSupplier question, final String otherwise) {
        final long limitNs = System.nanoTime() + BACK_NS;
        while (!question.getAsBoolean()) {
            if (System.nanoTime() - limitNs > 0) {
                throw new CommandException(Exit.UNAVAILABLE, otherwise + " within ten minutes", "is the machine overloaded?");
            }
            BenchRun.pause(LOOK_NS);
        }
    }
}
