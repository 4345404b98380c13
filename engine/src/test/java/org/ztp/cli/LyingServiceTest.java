package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Submit;
import org.ztp.contract.transaction.Evidence;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/** What the commands believe of a service that lies. */
@Timeout(120)
class LyingServiceTest {
    @TempDir
    private static Path directory;
    private static SharingCluster cluster;
    private static SshPrivateKey mallory;

    @BeforeAll
    static void start() throws Exception {
        cluster = new SharingCluster(directory);
        mallory = KeyFile.read(cluster.key("mallory"));
    }

    @AfterAll
    static void stop() {
        mallory.close();
        cluster.close();
    }

    @AfterEach
    void honest() {
        cluster.answerBy(cluster.service);
    }

    @Test
    void aChangeThatWasNeverSubmittedIsNotDoneForTheReceiptOfAnother() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        final ServiceReply.LogEntry old = first("PUBLISH", dataset);
        cluster.answerBy(insteadOfSubmitting(new Submitted(Submitted.Status.FINAL, old.name().bundle(), old.height(),
            List.of())));
        for (final String change : List.of("grant", "revoke")) {
            final Run run = cluster.change(change, dataset, "alice", "bob");
            assertEquals(5, run.exit(), run.err());
            assertTrue(run.err().contains("actual=" + old.name().bundle()), run.err());
        }
    }

    @Test
    void aSeekerIsNotDeniedForTheReceiptOfAnothersRequest() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        cluster.request(dataset, "mallory", 3);
        final ServiceReply.LogEntry denied = first("REQUEST", dataset);
        cluster.answerBy(insteadOfSubmitting(new Submitted(Submitted.Status.DUPLICATE, denied.name().bundle(),
            denied.height(), List.of(new ServiceReply.TransactionOutcome(0, Outcome.Code.DENIED.code(), "no")))));
        cluster.request(dataset, "bob", 5);
    }

    @Test
    void whoeverRecordedTheEvidenceBeforeTheSeekerIsServed() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        cluster.ask(new ServiceRequest.Fault(2, ServiceRequest.Fault.Harm.WRONG_SHARES));
        cluster.answerBy((request, reply) -> {
            if (isOf(request, Evidence.KIND)) {
                cluster.service.handle(byMallory(request), before -> cluster.service.handle(request, reply));
            } else {
                cluster.service.handle(request, reply);
            }
        });
        Run run = cluster.request(dataset, "bob", 0);
        for (int i = 0; i < 12 && !run.err().contains("replica 2: "); i++) {
            run = cluster.request(dataset, "bob", 0);
        }
        assertArrayEquals(cluster.plain, cluster.bytes(run));
        assertTrue(run.err().contains("the proof against replica 2 was not recorded: refused by the ledger: the same "
            + "evidence was recorded before"), run.err());
    }

    private static ServiceReply.LogEntry first(final String kind, final String dataset) throws Exception {
        return cluster.log().stream().filter(entry -> entry.kind().equals(kind) && entry.subject().equals(dataset))
            .findFirst().orElseThrow();
    }

    private static ServiceHandler insteadOfSubmitting(final ServiceReply lie) {
        return (request, reply) -> {
            if (request instanceof Submit) {
                reply.accept(lie);
            } else {
                cluster.service.handle(request, reply);
            }
        };
    }

    /** Whether it submits a bundle whose first transaction is of this kind. */
    private static boolean isOf(final ServiceRequest request, final int kind) {
        return request instanceof Submit submit && submit.bundle()[Bundle.HEADER_BYTES + 4] == kind;
    }

    /** The same transaction in a bundle of mallory's. */
    private static Submit byMallory(final ServiceRequest request) {
        final byte[] bytes = ((Submit) request).bundle();
        final BundleBuilder builder = new BundleBuilder(cluster.service.genesis().chain(),
            Hash.of(mallory.key().verifyKey().bytes()), new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES),
            mallory.key()::sign);
        builder.add(bytes, Bundle.HEADER_BYTES + 4, bytes.length - Bundle.HEADER_BYTES - 4);
        return new Submit(builder.seal(0).array());
    }
}
