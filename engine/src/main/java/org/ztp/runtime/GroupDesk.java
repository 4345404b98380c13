package org.ztp.runtime;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.release.ReleaseEvent;

/** Answers what is asked of one sub-cluster, by its replicas in this process. Any thread. */
final class GroupDesk implements ServiceHandler {
    private static final int BUSY_MILLIS = 50;

    private final GroupNode group;
    private final ExecutorService readers;
    private final FaultHook faults;
    private final Function<Replica, Queries> queries;

    /**
     * A desk.
     *
     * @param group the replicas
     * @param readers runs what may wait or read from disk; no other sub-cluster's, which might not get on
     * @param faults where trouble is reported
     * @param queries makes what answers questions from a replica
     */
    GroupDesk(final GroupNode group, final ExecutorService readers, final FaultHook faults,
              final Function<Replica, Queries> queries) {
        this.group = group;
        this.readers = readers;
        this.faults = faults;
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

    private void read(final Function<Queries, ServiceReply> question, final Consumer<ServiceReply> reply) {
        try {
            readers.execute(() -> reply.accept(answer(question)));
        } catch (final RejectedExecutionException busy) {
            reply.accept(new ServiceReply.Busy(BUSY_MILLIS));
        }
    }

    private ServiceReply answer(final Function<Queries, ServiceReply> question) {
        try {
            return group.upToDateReader().map(replica -> question.apply(queries.apply(replica)))
                .orElseGet(() -> new Refused(Refused.Reason.UNAVAILABLE, "no replica of sub-cluster "
                    + group.group().subCluster() + " runs here", "see `ztp status`"));
        } catch (final RuntimeException failure) {
            faults.report(-1, -1, "QUESTION_FAILED", failure.toString());
            return new Refused(Refused.Reason.UNAVAILABLE, "the replica that was asked could not answer: "
                + failure.getMessage(), "try again; see `ztp status`");
        }
    }
}
