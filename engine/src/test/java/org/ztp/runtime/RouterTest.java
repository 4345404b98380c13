package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Done;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Samples;
import org.ztp.wire.Hash;

/** Two sub-clusters, whose desks are the test's: questions wait until it answers them, bundles are done at once. */
class RouterTest {
    private static final TransactionId REQUEST = new TransactionId(Hash.sha256(new byte[1]), 0);

    private final List<Consumer<ServiceReply>> questions = new ArrayList<>();
    private final List<ServiceReply> replies = new ArrayList<>();
    private final ServiceHandler desk = (request, reply) -> {
        if (request instanceof ServiceRequest.RequestState) {
            questions.add(reply);
        } else {
            reply.accept(new Done());
        }
    };
    private final Router router = new Router(Samples.CHAIN, new SubClusters(List.of(
        new SubCluster(0, List.of(0, 1, 2, 3)), new SubCluster(1, List.of(4, 5, 6, 7)))), new BundleLimits(2_000, 5_000),
        List.of(desk, desk));

    private void submit(final int bytes) {
        router.handle(new ServiceRequest.Submit(Samples.bundle(1, 1, 0, new Approve(REQUEST).encode(),
            new byte[bytes]).array()), replies::add);
    }

    @Test
    void bundlesWhoseHomeIsLookedForAreHeldWithinTheLimitsOnly() {
        submit(3_000);
        assertEquals(Refused.Reason.BAD_REQUEST, ((Refused) replies.get(0)).reason());
        for (int i = 0; i < 10; i++) {
            submit(1_200);
        }
        assertEquals(2 * 4, questions.size(), "four are looked for, in both sub-clusters");
        assertEquals(7, replies.size());
        assertTrue(replies.subList(1, 7).stream().allMatch(ServiceReply.Busy.class::isInstance));
        List.copyOf(questions).forEach(one -> one.accept(new ServiceReply.RequestStanding(new byte[0])));
        assertEquals(4, replies.stream().filter(Done.class::isInstance).count());
        submit(1_200);
        assertEquals(2 * 5, questions.size(), "those handed on are held no more");
    }

    @Test
    void whatCannotBeLocatedIsHeldNoMore() {
        for (int i = 0; i < 4; i++) {
            submit(1_200);
        }
        List.copyOf(questions).forEach(one -> one.accept(new ServiceReply.Busy(5)));
        assertEquals(4, replies.size());
        submit(1_200);
        assertEquals(2 * 5, questions.size());
    }
}
