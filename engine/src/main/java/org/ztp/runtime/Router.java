package org.ztp.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.client.ServiceReply.LogPage;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * Brings what clients ask to the sub-cluster that it belongs to: what is about a dataset to the dataset's, what is
 * about a request to the one that knows the request, a client's other records to one chosen by client and submission.
 * What names none is asked of all at once. Any thread; waits for nobody.
 *
 * <p>A bundle goes where it went before, whichever rank it is handed in at, since that depends on the bundle alone, or
 * on a request, which never moves. So nothing happens twice, though each sub-cluster remembers its own bundles only.
 */
final class Router implements ServiceHandler {
    private static final int TRIES = 25;
    private static final long PAUSE_MILLIS = 20;

    private final Hash chain;
    private final SubClusters all;
    private final BundleLimits limits;
    private final List<ServiceHandler> desks;
    /** Bytes of bundles whose home is looked for. */
    private final AtomicLong heldBytes = new AtomicLong();
    private final Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);

    /**
     * A router.
     *
     * @param chain hash of the genesis
     * @param all the sub-clusters
     * @param limits what is taken in of bundles: nothing is held beyond them while its home is looked for
     * @param desks who answers for each of them, by their number
     */
    Router(final Hash chain, final SubClusters all, final BundleLimits limits, final List<ServiceHandler> desks) {
        this.chain = chain;
        this.all = all;
        this.limits = limits;
        this.desks = List.copyOf(desks);
    }

    @Override
    public void handle(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        if (desks.size() == 1) {
            desks.get(0).handle(request, reply);
        } else if (request instanceof ServiceRequest.Submit submit) {
            submit(submit, reply);
        } else if (request instanceof ServiceRequest.Release release) {
            locate(release.request(), home -> at(home, request, reply), reply);
        } else if (request instanceof ServiceRequest.ReleaseSingly release) {
            locate(release.request(), home -> at(home, request, reply), reply);
        } else if (request instanceof ServiceRequest.Log log) {
            log(log, reply);
        } else {
            askAll(request, (subCluster, answer) -> reply.accept(answer));
        }
    }

    private void at(final int subCluster, final ServiceRequest request, final Consumer<ServiceReply> reply) {
        desks.get(subCluster).handle(request, reply);
    }

    private void submit(final ServiceRequest.Submit submit, final Consumer<ServiceReply> reply) {
        final byte[] bytes = submit.bundle();
        final Optional<Bundle> bundle = Bundle.parse(bytes, 0, bytes.length);
        if (bundle.isEmpty() || bundle.get().length() != bytes.length) {
            at(0, submit, reply); // no bundle, as any of them will say
            return;
        }
        final BundleHome home = BundleHome.of(chain, bundle.get(), all.count());
        if (home.requests().isEmpty()) {
            handOn(submit, home, home.subClusters(), reply);
            return;
        }
        final long held = heldBytes.addAndGet(bytes.length);
        final Optional<ServiceReply> refusal = limits.refusal(bytes, held - bytes.length);
        if (refusal.isPresent()) {
            heldBytes.addAndGet(-bytes.length);
            reply.accept(refusal.get());
            return;
        }
        locateAll(List.copyOf(home.requests()), new TreeSet<>(home.subClusters()), refused -> {
            heldBytes.addAndGet(-bytes.length);
            reply.accept(refused);
        }, homes -> {
            heldBytes.addAndGet(-bytes.length);
            handOn(submit, home, homes, reply);
        });
    }

    private void handOn(final ServiceRequest.Submit submit, final BundleHome home, final Set<Integer> homes,
                        final Consumer<ServiceReply> reply) {
        if (homes.size() > 1) {
            reply.accept(new Refused(Refused.Reason.BAD_REQUEST,
                "the transactions of one bundle belong to different sub-clusters: " + homes,
                "submit what is about different datasets in bundles of their own"));
        } else {
            at(homes.isEmpty() ? home.records() : homes.iterator().next(), submit, reply);
        }
    }

    /** Adds to the homes those of requests, one after the other. */
    private void locateAll(final List<TransactionId> requests, final Set<Integer> homes,
                           final Consumer<ServiceReply> refused, final Consumer<Set<Integer>> done) {
        if (requests.isEmpty()) {
            done.accept(homes);
            return;
        }
        locate(requests.get(0), home -> {
            homes.add(home);
            locateAll(requests.subList(1, requests.size()), homes, refused, done);
        }, refused);
    }

    /** The sub-cluster that knows a request. One that has just become final may take a moment to be seen by all. */
    private void locate(final TransactionId request, final Consumer<Integer> found, final Consumer<ServiceReply> refused) {
        locate(request, found, refused, TRIES);
    }

    private void locate(final TransactionId request, final Consumer<Integer> found, final Consumer<ServiceReply> refused,
                        final int tries) {
        askAll(new ServiceRequest.RequestState(request), (subCluster, answer) -> {
            if (answer instanceof ServiceReply.RequestStanding) {
                found.accept(subCluster);
            } else if (isRefused(answer, Refused.Reason.NOT_FOUND) && tries > 1) {
                later.execute(() -> locate(request, found, refused, tries - 1));
            } else {
                refused.accept(answer);
            }
        });
    }

    private static boolean isRefused(final ServiceReply reply, final Refused.Reason reason) {
        return reply instanceof Refused refused && refused.reason() == reason;
    }

    /**
     * Asks all sub-clusters at once. The first that knows answers, whether or not others get on; if none does, one that
     * could not say counts before those that do not know.
     */
    private void askAll(final ServiceRequest request, final BiConsumer<Integer, ServiceReply> answer) {
        final FirstAnswer first = new FirstAnswer(desks.size(), answer);
        for (int i = 0; i < desks.size(); i++) {
            final int subCluster = i;
            at(subCluster, request, reply -> first.answered(subCluster, reply));
        }
    }

    /** Takes the answers to one question. Any thread. */
    private static final class FirstAnswer {
        private final BiConsumer<Integer, ServiceReply> taker;
        private int open;
        private boolean over;
        private ServiceReply without;

        FirstAnswer(final int asked, final BiConsumer<Integer, ServiceReply> taker) {
            this.taker = taker;
            open = asked;
        }

        void answered(final int subCluster, final ServiceReply reply) {
            final ServiceReply told;
            synchronized (this) {
                open--;
                final boolean isAnswer = !(reply instanceof Refused) && !(reply instanceof ServiceReply.Busy);
                if (!isAnswer && (without == null || isRefused(without, Refused.Reason.NOT_FOUND))) {
                    without = reply;
                }
                if (over || !isAnswer && open > 0) {
                    return;
                }
                over = true;
                told = isAnswer ? reply : without;
            }
            taker.accept(subCluster, told);
        }
    }

    /** A page of the ledger: of a dataset's sub-cluster, or of all in the order of heights. */
    private void log(final ServiceRequest.Log asked, final Consumer<ServiceReply> reply) {
        if (asked.dataset().isPresent()) {
            at(all.homeOf(asked.dataset().get()).id(), asked, reply);
            return;
        }
        final AllPages pages = new AllPages(desks.size(), reply);
        final ServiceRequest.Log each = new ServiceRequest.Log(asked.dataset(), asked.decisions(), asked.entity(), asked.since(),
            Math.max(1, asked.maxEntries() / desks.size()));
        for (int i = 0; i < desks.size(); i++) {
            final int subCluster = i;
            at(subCluster, each, page -> pages.answered(subCluster, page));
        }
    }

    /**
     * Puts the pages of all sub-clusters together, and names those that gave none; if none did, one says why. Any
     * thread.
     */
    private static final class AllPages {
        private final LogPage[] pages;
        private ServiceReply refusal;
        private final Consumer<ServiceReply> taker;
        private int open;

        AllPages(final int asked, final Consumer<ServiceReply> taker) {
            this.taker = taker;
            pages = new LogPage[asked];
            open = asked;
        }

        void answered(final int subCluster, final ServiceReply reply) {
            final ServiceReply told;
            synchronized (this) {
                if (reply instanceof LogPage page) {
                    pages[subCluster] = page;
                } else if (!(refusal instanceof ServiceReply.Busy)) {
                    refusal = reply;
                }
                open--;
                if (open > 0) {
                    return;
                }
                told = Stream.of(pages).allMatch(Objects::isNull) || refusal instanceof ServiceReply.Busy ? refusal : whole();
            }
            taker.accept(told);
        }

        /** What is behind the place where the next page of any of them starts is not complete. */
        private LogPage whole() {
            final List<LogEntry> entries = new ArrayList<>();
            final List<Integer> missing = new ArrayList<>();
            Optional<LogPlace> next = Optional.empty();
            for (int i = 0; i < pages.length; i++) {
                if (pages[i] == null) {
                    missing.add(i);
                } else {
                    entries.addAll(pages[i].entries());
                    next = Stream.concat(next.stream(), pages[i].next().stream()).min(Comparator.naturalOrder());
                }
            }
            final Optional<LogPlace> end = next;
            return new LogPage(entries.stream().filter(entry -> end.isEmpty() || isBefore(entry, end.get()))
                .sorted(Comparator.comparingLong(LogEntry::height)).toList(), end, missing);
        }

        /** An entry of the sub-cluster whose page ends there is in that page, so before its end. */
        private static boolean isBefore(final LogEntry entry, final LogPlace end) {
            return entry.height() < end.height()
                || entry.height() == end.height() && entry.subCluster() <= end.subCluster();
        }
    }
}
