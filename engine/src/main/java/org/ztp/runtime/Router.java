package org.ztp.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.client.ServiceReply.LogPage;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.state.StateReader;
import org.ztp.wire.Hash;

/**
 * Brings what clients ask to the sub-cluster that it belongs to: what is about a dataset to the dataset's, what is about a
 * request to the one that knows the request, a client's other records to one chosen by client and submission. Any thread.
 *
 * <p>A bundle goes where it went before, since that depends on the bundle alone, or on a request, which never moves. So
 * nothing happens twice, though each sub-cluster remembers its own bundles only. In a run of many ranks this process has
 * replicas of one sub-cluster: its records go there, and what belongs to another is refused, so that a client who hands it
 * in again goes on with the same node.
 */
final class Router {
    private static final int TRIES = 50;
    private static final long PAUSE_NS = 2_000_000L;

    private final Hash chain;
    private final SubClusters all;
    private final List<GroupNode> groups;
    private final ExecutorService readers;
    private final FaultHook faults;
    private final Function<GroupNode, Function<Replica, Queries>> queries;

    /**
     * A router.
     *
     * @param chain hash of the genesis
     * @param all the sub-clusters
     * @param groups those of which this process has replicas, one or all, by their number
     * @param readers runs what may wait or read from disk
     * @param faults where trouble is reported
     * @param queries makes what answers questions from a group's replica
     */
    Router(final Hash chain, final SubClusters all, final List<GroupNode> groups, final ExecutorService readers,
           final FaultHook faults, final Function<GroupNode, Function<Replica, Queries>> queries) {
        this.chain = chain;
        this.all = all;
        this.groups = List.copyOf(groups);
        this.readers = readers;
        this.faults = faults;
        this.queries = queries;
    }

    /** Brings a bundle to its sub-cluster. */
    void submit(final byte[] bytes, final Consumer<ServiceReply> reply) {
        final Optional<Bundle> bundle = all.count() == 1 ? Optional.empty() : Bundle.parse(bytes, 0, bytes.length);
        if (bundle.isEmpty() || bundle.get().length() != bytes.length) {
            groups.get(0).submit(bytes, reply); // the only one; or no bundle, as any of them will say
            return;
        }
        final BundleHome home = BundleHome.of(chain, bundle.get(), all.count());
        if (home.requests().isEmpty()) {
            submit(bytes, bundle.get(), home.subClusters(), reply);
        } else {
            read(() -> {
                final Set<Integer> homes = new TreeSet<>(home.subClusters());
                for (final TransactionId request : home.requests()) {
                    final Optional<GroupNode> knows = locate(request);
                    if (knows.isEmpty()) {
                        reply.accept(unknown("request: " + request));
                        return;
                    }
                    homes.add(knows.get().group().subCluster());
                }
                submit(bytes, bundle.get(), homes, reply);
            }, reply);
        }
    }

    private void submit(final byte[] bytes, final Bundle bundle, final Set<Integer> homes,
                        final Consumer<ServiceReply> reply) {
        if (homes.size() > 1) {
            reply.accept(new Refused(Refused.Reason.BAD_REQUEST,
                "the transactions of one bundle belong to different sub-clusters: " + homes,
                "submit what is about different datasets in bundles of their own"));
            return;
        }
        final int home = !homes.isEmpty() ? homes.iterator().next() : groups.size() == 1
            ? groups.get(0).group().subCluster()
            : SubClusters.homeOfRecords(bundle.client(), bundle.submission(), all.count());
        group(home).ifPresentOrElse(group -> group.submit(bytes, reply), () -> reply.accept(elsewhere(home)));
    }

    private Optional<GroupNode> group(final int subCluster) {
        return groups.stream().filter(group -> group.group().subCluster() == subCluster).findFirst();
    }

    private Refused elsewhere(final int subCluster) {
        return new Refused(Refused.Reason.BAD_REQUEST, "this belongs to sub-cluster " + subCluster
            + ", of which no replica is on this node", "go to a node with one of the replicas "
            + all.all().get(subCluster).members());
    }

    /** Asks the sub-cluster that knows a request for keys. */
    void release(final TransactionId request, final Releases.Asking asking, final Consumer<ServiceReply> reply) {
        if (all.count() == 1) {
            groups.get(0).release(asking, reply);
            return;
        }
        read(() -> locate(request).ifPresentOrElse(group -> group.release(asking, reply),
            () -> reply.accept(unknown("request: " + request))), reply);
    }

    /** Asks the sub-cluster of a dataset. */
    void ask(final Hash dataset, final Function<Queries, ServiceReply> question, final Consumer<ServiceReply> reply) {
        final int home = all.homeOf(dataset).id();
        group(home).ifPresentOrElse(group -> read(() -> reply.accept(ask(group, question)), reply),
            () -> reply.accept(elsewhere(home)));
    }

    /** Asks one sub-cluster after the other, until one knows. */
    void askAll(final Function<Queries, ServiceReply> question, final Consumer<ServiceReply> reply) {
        read(() -> {
            ServiceReply answer = ask(groups.get(0), question);
            for (int i = 1; i < groups.size() && !isAnswer(answer); i++) {
                final ServiceReply next = ask(groups.get(i), question);
                answer = isAnswer(next) || !isUnavailable(answer) ? next : answer;
            }
            reply.accept(answer);
        }, reply);
    }

    private static boolean isAnswer(final ServiceReply reply) {
        return !isUnavailable(reply)
            && !(reply instanceof Refused refused && refused.reason() == Refused.Reason.NOT_FOUND);
    }

    private static boolean isUnavailable(final ServiceReply reply) {
        return reply instanceof Refused refused && refused.reason() == Refused.Reason.UNAVAILABLE;
    }

    /** A page of the ledger: of a dataset's sub-cluster, or of all in the order of heights. */
    void log(final ServiceRequest.Log asked, final Consumer<ServiceReply> reply) {
        if (asked.dataset().isPresent()) {
            ask(asked.dataset().get(), known -> known.log(asked), reply);
            return;
        }
        final ServiceRequest.Log each = new ServiceRequest.Log(asked.dataset(), asked.entity(), asked.sinceHeight(),
            Math.max(1, asked.maxEntries() / groups.size()));
        read(() -> {
            final List<LogEntry> entries = new ArrayList<>();
            long next = Long.MAX_VALUE;
            for (final GroupNode group : groups) {
                final ServiceReply page = ask(group, known -> known.log(each));
                if (!(page instanceof LogPage whole)) {
                    reply.accept(page);
                    return;
                }
                entries.addAll(whole.entries());
                next = whole.nextHeight() == 0 ? next : Math.min(next, whole.nextHeight());
            }
            reply.accept(page(entries, next));
        }, reply);
    }

    /** Entries below a height: what is above it is not complete. Those of one height stay in the sub-clusters' order. */
    private static LogPage page(final List<LogEntry> entries, final long next) {
        return new LogPage(entries.stream().filter(entry -> entry.height() < next)
            .sorted(Comparator.comparingLong(LogEntry::height)).toList(), next == Long.MAX_VALUE ? 0 : next);
    }

    private ServiceReply ask(final GroupNode group, final Function<Queries, ServiceReply> question) {
        try {
            return group.upToDateReader().map(replica -> question.apply(queries.apply(group).apply(replica)))
                .orElseGet(() -> noReplica(group.group().subCluster()));
        } catch (final RuntimeException failure) {
            faults.report(-1, -1, "QUESTION_FAILED", failure.toString());
            return new Refused(Refused.Reason.UNAVAILABLE, "the replica that was asked could not answer: "
                + failure.getMessage(), "try again; see `ztp status`");
        }
    }

    private Refused noReplica(final int subCluster) {
        return new Refused(Refused.Reason.UNAVAILABLE, all.count() == 1 ? "no replica runs"
            : "no replica of sub-cluster " + subCluster + " runs", "see `ztp status`");
    }

    /** The sub-cluster that knows a request. One that has just become final may take a moment to be seen. */
    private Optional<GroupNode> locate(final TransactionId request) {
        final Predicate<Replica> knows = replica ->
            new SharingState((StateReader) replica.state()).request(request).isPresent();
        for (int i = 0; i < TRIES; i++) {
            for (final GroupNode group : groups) {
                if (group.replicas().stream().filter(Replica::isRunning).anyMatch(knows)) {
                    return Optional.of(group);
                }
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return Optional.empty();
    }

    /** Nobody knows it: there is none, or who would know does not run. */
    private Refused unknown(final String what) {
        return groups.stream().filter(group -> group.reader().isEmpty()).findFirst()
            .map(silent -> noReplica(silent.group().subCluster()))
            .orElseGet(() -> new Refused(Refused.Reason.NOT_FOUND, "no such " + what + (groups.size() == all.count() ? ""
                : " in sub-cluster " + groups.get(0).group().subCluster() + ", the only one on this node"),
                "`ztp log` shows what is on the ledger"));
    }

    private void read(final Runnable reading, final Consumer<ServiceReply> reply) {
        try {
            readers.execute(reading);
        } catch (final RejectedExecutionException busy) {
            reply.accept(new ServiceReply.Busy(50));
        }
    }
}
