package org.ztp.runtime;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.release.ReleaseEvent;

/** Answers what is asked of one sub-cluster, by its replicas in this process. Any thread. */
final class GroupDesk implements ServiceHandler {
    private final GroupNode group;
    private final ReadingThreads readers;
    private final Function<Replica, Queries> queries;

    /**
     * A desk.
     *
     * @param group the replicas
     * @param readers read from disk; no other sub-cluster's, which might not get on
     * @param queries makes what answers questions from a replica
     */
    GroupDesk(final GroupNode group, final ReadingThreads readers, final Function<Replica, Queries> queries) {
        this.group = group;
        this.readers = readers;
        this.queries = queries;
    }

    @Override
    public void handle(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        if (request instanceof ServiceRequest.Submit submit) {
            group.submit(submit.bundle(), reply);
        } else if (request instanceof ServiceRequest.Release release) {
            group.release(token -> new ReleaseEvent.Asked(token, release.request(), Set.copyOf(release.without())), reply);
        } else if (request instanceof ServiceRequest.ReleaseSingly release) {
            group.release(token -> new ReleaseEvent.AskedSingly(token, release.request(), release.part(),
                Set.copyOf(release.without())), reply);
        } else if (request instanceof ServiceRequest.RequestState state) {
            read(known -> known.request(state.request()), reply);
        } else if (request instanceof ServiceRequest.ReceiptOf receipt) {
            read(known -> known.receipt(receipt.transaction()), reply);
        } else if (request instanceof ServiceRequest.Log log) {
            read(known -> known.log(log), reply);
        } else {
            reply.accept(new Refused(Refused.Reason.BAD_REQUEST, "not served: " + request.getClass().getSimpleName(), ""));
        }
    }

    /** Asks a replica whose index holds all that clients were told is final; after some seconds the one that is furthest. */
    private void read(final Function<Queries, ServiceReply> question, final Consumer<ServiceReply> reply) {
        final long told = group.feed().height();
        readers.ask(last -> {
            final Optional<Replica> reader = group.roster().reader();
            final boolean isBehind = reader.isPresent() && !reader.get().hasGap() && reader.get().indexedHeight() < told;
            return isBehind && !last ? Optional.empty() : Optional.of(reader.map(queries).map(question)
                .orElseGet(() -> new Refused(Refused.Reason.UNAVAILABLE, "no replica of sub-cluster "
                    + group.group().subCluster() + " runs here", "see `ztp status`")));
        }, reply);
    }
}
