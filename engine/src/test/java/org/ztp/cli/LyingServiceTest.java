package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
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
import org.ztp.cluster.ClusterDirectory;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.BundleHasher;
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
    void aLogThatGoesRoundIsNotFollowed() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        cluster.answerBy((request, reply) -> cluster.service.handle(request, answer -> reply.accept(
            request instanceof ServiceRequest.Log asked && answer instanceof ServiceReply.LogPage page
                ? new ServiceReply.LogPage(page.entries(), Optional.of(asked.since()), List.of()) : answer)));
        for (final Run run : List.of(Run.ztp("log", "--dir", cluster.root()),
            cluster.change("grant", dataset, "alice", "carol"))) {
            assertEquals(5, run.exit(), run.err());
            assertTrue(run.err().contains("does not go forward"), run.err());
        }
    }

    @Test
    void whatIsSaidToBeFinalAndWasNotHandedInIsNotDone() throws Exception {
        final Path lines = Files.writeString(directory.resolve("lines"), "line\n".repeat(1_001));
        cluster.answerBy((request, reply) -> {
            if (request instanceof Submit submit) {
                reply.accept(new Submitted(Submitted.Status.FINAL, idOf(submit), 7, List.of()));
            } else {
                cluster.service.handle(request, reply);
            }
        });
        final Run publish = cluster.tryToPublish("seekers = [\"bob.pub\"]", "--timeout", "1");
        final Run record = Run.ztp("record", lines, "--dir", cluster.root(), "--key", cluster.key("alice"),
            "--timeout", "1");
        for (final Run run : List.of(publish, record)) {
            assertEquals(4, run.exit(), run.err());
            assertEquals("", run.out());
            assertTrue(run.err().contains(" is final, and shows no receipt of it"), run.err());
        }
    }

    @Test
    void theReceiptOfOtherLinesProvesNothing() throws Exception {
        final Path lines = Files.writeString(directory.resolve("lines"), "line\n");
        final ServiceReply[] other = new ServiceReply[1];
        cluster.answerBy((request, reply) -> cluster.service.handle(request, answer -> {
            if (answer instanceof ServiceReply.Receipt && other[0] == null) {
                other[0] = answer;
            }
            reply.accept(answer instanceof ServiceReply.Receipt ? other[0] : answer);
        }));
        for (final int exit : new int[] {0, 5}) {
            final Run run = Run.ztp("record", lines, "--dir", cluster.root(), "--key", cluster.key("alice"));
            assertEquals(exit, run.exit(), run.err());
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
                cluster.service.handle(anew(request, mallory), before -> cluster.service.handle(request, reply));
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

    @Test
    void wordsOfTheServiceSteerNoTerminal() throws Exception {
        final String steers = "\u001b[2J\u009b1m\nztp: all is well";
        final ServiceReply.LogEntry entry = new ServiceReply.LogEntry(0, 1, 0, new TransactionId(Hash.ZERO, 0), Hash.ZERO,
            steers, steers, steers, 0, steers);
        cluster.answerBy((request, reply) -> reply.accept(new ServiceReply.LogPage(List.of(entry), Optional.empty(),
            List.of())));
        final Run log = Run.ztp("log", "--dir", cluster.root());
        assertEquals(1, log.out().lines().count(), log.out());
        cluster.answerBy((request, reply) -> reply.accept(
            new ServiceReply.Refused(ServiceReply.Refused.Reason.FAILED, steers, steers)));
        final Run refused = Run.ztp("log", "--dir", cluster.root());
        assertEquals(2, refused.err().lines().count(), refused.err());
        assertTrue((log.out() + refused.err()).chars().noneMatch(letter -> letter != '\n' && Character.isISOControl(letter)));
    }

    @Test
    void aStatusLeadsToNoFileAndNoBug() throws Exception {
        final String whole = Run.ztp("status", "--json", "--dir", cluster.root()).out();
        final Path file = Files.writeString(directory.resolve("status.json"), whole);
        for (final String said : List.of("include file(\"" + file + "\")", "include url(\"file:" + file + "\")",
            "include \"" + file + "\"", "{", "[]", "{}", "[".repeat(1 << 20),
            whole.replace("\"hasQuorum\":true", "\"hasQuorum\":7"),
            whole.replace("\"replicas\":[", "\"replicas\":[7,"))) {
            cluster.answerBy((request, reply) -> reply.accept(new ServiceReply.StatusText(said)));
            final Run run = Run.ztp("status", "--dir", cluster.root());
            assertEquals(4, run.exit(), run.err());
            assertTrue(run.err().contains("the service's status makes no sense"), run.err());
        }
        cluster.answerBy((request, reply) -> reply.accept(new ServiceReply.StatusText(
            whole.replace("\"detail\":\"\"", "\"detail\":\"\\u001b[2J\\u009b1m\""))));
        final Run steers = Run.ztp("status", "--dir", cluster.root());
        assertTrue(steers.out().contains("\\u{1b}[2J"), steers.out());
        assertTrue(steers.out().chars().noneMatch(letter -> letter != '\n' && Character.isISOControl(letter)));
    }

    @Test
    void wordsAloneDenyNothing() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        for (final Class<?> asked : List.of(Submit.class, ServiceRequest.Log.class, ServiceRequest.Release.class)) {
            cluster.answerBy((request, reply) -> {
                if (asked.isInstance(request)) {
                    reply.accept(new ServiceReply.Refused(ServiceReply.Refused.Reason.DENIED, "by rule seekers", ""));
                } else {
                    cluster.service.handle(request, reply);
                }
            });
            final Run run = cluster.request(dataset, "bob", 4);
            assertTrue(run.err().contains("ztp: the service says no and does not prove it: by rule seekers\n"),
                run.err());
        }
    }

    @Test
    void ciphertextsStayWhenTheServiceSaysThatTheirTransactionIsInvalid() throws Exception {
        for (final boolean named : new boolean[] {true, false}) {
            final Hash[] dataset = new Hash[1];
            cluster.answerBy((request, reply) -> cluster.service.handle(request, answer -> {
                if (request instanceof Submit && answer instanceof Submitted told) {
                    dataset[0] = datasetOf(request);
                    reply.accept(named ? new Submitted(Submitted.Status.INVALID, told.bundle(), 0, List.of())
                        : new ServiceReply.Refused(ServiceReply.Refused.Reason.BAD_REQUEST, "too long", ""));
                } else {
                    reply.accept(answer);
                }
            }));
            final Run run = cluster.tryToPublish("seekers = [\"bob.pub\"]");
            assertEquals(named ? 4 : 2, run.exit(), run.err());
            for (final String told : List.of("dataset " + dataset[0] + " was handed in and may be published\nhint: ",
                "ztp log --dataset " + dataset[0] + " --dir " + cluster.root())) {
                assertTrue(run.err().contains(told), run.err());
            }
            honest();
            assertArrayEquals(cluster.plain, cluster.bytes(cluster.request(dataset[0].toString(), "bob", 0)));
        }
    }

    @Test
    void ciphertextsGoWhenAReceiptProvesThatTheirTransactionIsInvalid() throws Exception {
        final List<String> before = blobs();
        try (SshPrivateKey alice = KeyFile.read(cluster.key("alice"))) {
            cluster.answerBy((request, reply) -> {
                if (request instanceof Submit) { // what she signs twice, the ledger takes once
                    cluster.service.handle(anew(request, alice), first -> cluster.service.handle(request, reply));
                } else {
                    cluster.service.handle(request, reply);
                }
            });
            final Run run = cluster.tryToPublish("seekers = [\"bob.pub\"]");
            assertEquals(2, run.exit());
            assertTrue(run.err().startsWith("ztp: refused by the ledger: "), run.err());
        }
        assertEquals(before, blobs());
    }

    @Test
    void aPartOfAnotherDatasetOrNoneIsFoundAndNoReplicaIsAccused() throws Exception {
        final String other = cluster.publish("seekers = [\"bob.pub\"]");
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        for (final Optional<TransactionId> wrong : List.of(Optional.of(first("PUBLISH", other).name()),
            Optional.<TransactionId>empty())) {
            cluster.answerBy((request, reply) -> cluster.service.handle(request, answer -> reply.accept(
                answer instanceof ServiceReply.RequestStanding standing ? withPart(standing, wrong) : answer)));
            final Run run = cluster.request(dataset, "bob", 5);
            assertTrue(run.err().contains("the service names no transaction with a part of dataset " + dataset), run.err());
            assertFalse(run.err().contains("replica "), run.err());
        }
    }

    @Test
    void aReleaseThatFailsUsesUpOneRequestHoweverOftenItIsRunAgain() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]\nrules { max-requests = 1 }");
        cluster.answerBy((request, reply) -> {
            if (request instanceof ServiceRequest.Release) {
                reply.accept(new ServiceReply.Refused(ServiceReply.Refused.Reason.UNAVAILABLE, "needed=2", ""));
            } else {
                cluster.service.handle(request, reply);
            }
        });
        final Path kept = UnservedRequest.beside(cluster.out());
        for (int i = 0; i < 2; i++) {
            assertTrue(cluster.request(dataset, "bob", 4).err().contains("goes on with it: " + kept + "\n"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
        }
        honest();
        assertArrayEquals(cluster.plain, cluster.bytes(cluster.request(dataset, "bob", 0)));
        assertFalse(Files.exists(kept));
        cluster.request(dataset, "bob", 3);
        assertFalse(Files.exists(kept));
    }

    @Test
    void aContractFromBeforeTheRequestDeniesNothing() throws Exception {
        final String dataset = cluster.publish("seekers = [\"mallory.pub\"]\nrules { max-requests = 1 }");
        assertEquals(0, cluster.change("grant", dataset, "alice", "bob").exit());
        cluster.answerBy((request, reply) -> {
            if (request instanceof ServiceRequest.RequestState) {
                reply.accept(new ServiceReply.Refused(ServiceReply.Refused.Reason.DENIED, "no", ""));
            } else {
                cluster.service.handle(request, answer -> reply.accept(answer instanceof ServiceReply.LogPage page
                    ? without("GRANT", page) : answer));
            }
        });
        cluster.request(dataset, "bob", 4);
        assertTrue(Files.exists(UnservedRequest.beside(cluster.out())));
        honest();
        assertArrayEquals(cluster.plain, cluster.bytes(cluster.request(dataset, "bob", 0)));
    }

    /** A job array asks for one dataset at once, and the service is full for a moment. */
    @Test
    void aServiceThatIsFullForAMomentIsAskedAgain() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]");
        final Set<Class<?>> asked = ConcurrentHashMap.newKeySet();
        cluster.answerBy((request, reply) -> {
            if (asked.add(request.getClass())) {
                reply.accept(new ServiceReply.Busy(1));
            } else {
                cluster.service.handle(request, reply);
            }
        });
        assertArrayEquals(cluster.plain, cluster.bytes(cluster.request(dataset, "bob", 0)));
        assertTrue(asked.contains(ServiceRequest.Release.class), asked.toString());
        cluster.answerBy((request, reply) -> reply.accept(new ServiceReply.Busy(1)));
        final Run log = Run.ztp("log", "--dir", cluster.root(), "--timeout", "0.2");
        assertEquals(4, log.exit(), log.err());
    }

    private static ServiceReply without(final String kind, final ServiceReply.LogPage page) {
        return new ServiceReply.LogPage(page.entries().stream().filter(entry -> !entry.kind().equals(kind)).toList(),
            page.next(), page.missing());
    }

    /** A log that shows what one asked as what another did leads nobody to approve it. */
    @Test
    void whatIsApprovedIsTakenFromItsReceiptAndNotFromTheLog() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\", \"mallory.pub\"]\n"
            + "rules { approvals { count = 1, approvers = [\"carol.pub\"] } }");
        cluster.request(dataset, "mallory", 4, "--purpose", "to sell it", "--timeout", "1");
        final TransactionId asked = first("REQUEST", dataset).name();
        final Object[] approve = {"approve", asked, "--dir", cluster.root(), "--key", cluster.key("carol")};
        for (final Object[] taken : new Object[][] {{"--seeker", cluster.key("bob.pub")}, {"--dataset", Hash.ZERO}}) {
            final Run run = Run.ztp(Stream.concat(Stream.of(approve), Stream.of(taken)).toArray());
            assertEquals(5, run.exit(), run.err());
        }
        cluster.request(dataset, "mallory", 4, "--purpose", "to sell it", "--timeout", "1");
        final Run run = Run.ztp(Stream.concat(Stream.of(approve),
            Stream.of("--seeker", cluster.key("mallory.pub"), "--dataset", dataset)).toArray());
        assertEquals(0, run.exit(), run.err());
        for (final String told : List.of(mallory.publicKey().format().split(" ")[1],
            "chunks 0-10 of dataset " + dataset, "purpose \"to sell it\"")) {
            assertTrue(run.err().contains(told), run.err());
        }
        assertEquals(2, Run.ztp("approve", first("PUBLISH", dataset).name(), "--dir", cluster.root(), "--key",
            cluster.key("carol")).exit());
    }

    @Test
    void aRequestWhoseEndWasNotHeardOfIsNotMadeTwice() throws Exception {
        final String dataset = cluster.publish("seekers = [\"bob.pub\"]\nrules { max-requests = 1 }");
        cluster.answerBy((request, reply) -> cluster.service.handle(request, answer -> {
            if (!(request instanceof Submit)) {
                reply.accept(answer);
            }
        }));
        cluster.request(dataset, "bob", 4, "--timeout", "2");
        honest();
        assertArrayEquals(cluster.plain, cluster.bytes(cluster.request(dataset, "bob", 0)));
        assertEquals(1, cluster.log().stream().filter(entry -> entry.kind().equals("REQUEST")
            && entry.subject().equals(dataset)).count());
    }

    private static ServiceReply withPart(final ServiceReply.RequestStanding standing,
                                         final Optional<TransactionId> part) {
        final RequestState state = RequestState.parse(standing.state()).orElseThrow();
        return new ServiceReply.RequestStanding(new RequestState(state.request(), state.seeker(), part,
            state.approvals(), state.status(), state.version(), state.height(), state.timeMillis(), state.reason())
            .encode());
    }

    private static Hash datasetOf(final ServiceRequest publish) {
        final byte[] bytes = ((Submit) publish).bundle();
        final Bundle bundle = Bundle.parse(bytes, 0, bytes.length).orElseThrow();
        return Publish.id(cluster.service.genesis().chain(), bundle.client(), Publish.parse(bytes,
            Bundle.HEADER_BYTES + 4, bytes.length - Bundle.HEADER_BYTES - 4).orElseThrow().nonce());
    }

    private static ServiceReply.LogEntry first(final String kind, final String dataset) throws Exception {
        return cluster.log().stream().filter(entry -> entry.kind().equals(kind) && entry.subject().equals(dataset))
            .findFirst().orElseThrow();
    }

    private static Hash idOf(final Submit submit) {
        return new BundleHasher(cluster.service.genesis().chain()).identify(
            Bundle.parse(submit.bundle(), 0, submit.bundle().length).orElseThrow());
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

    private static List<String> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(new ClusterDirectory(cluster.root()).blobs())) {
            return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
        }
    }

    /** The same transaction in another bundle, signed with this key. */
    private static Submit anew(final ServiceRequest request, final SshPrivateKey by) {
        final byte[] bytes = ((Submit) request).bundle();
        final BundleBuilder builder = new BundleBuilder(cluster.service.genesis().chain(),
            Hash.of(by.key().verifyKey().bytes()), new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES),
            by.key()::sign);
        builder.add(bytes, Bundle.HEADER_BYTES + 4, bytes.length - Bundle.HEADER_BYTES - 4);
        return new Submit(builder.seal(0).array());
    }
}
