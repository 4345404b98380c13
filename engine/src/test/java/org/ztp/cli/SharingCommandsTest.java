package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Outcome;
import org.ztp.runtime.Service;
import org.ztp.wire.Hash;

@Timeout(120)
class SharingCommandsTest {
    private static final int CHUNK = SharingCluster.CHUNK;
    @TempDir
    private Path directory;
    private SharingCluster sharing;
    private Path cluster;
    private Path file;
    private byte[] plain;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        sharing = new SharingCluster(directory);
        cluster = sharing.root();
        file = sharing.file();
        plain = sharing.plain;
        service = sharing.service;
    }

    @AfterEach
    void stop() {
        sharing.close();
    }

    @Test
    void aGrantSaysWhichChunksItIsNotFor() throws IOException {
        final String dataset = publish("seekers = []\nchunks = [{ range = \"0-4\", seekers = [\"bob.pub\"] }]");
        final Run some = change("grant", dataset, "alice", "carol");
        assertEquals(0, some.exit(), some.err());
        assertTrue(some.err().contains("may ask for chunks 5-10 alone, with --chunks"), some.err());
        final String all = publish("seekers = []\nchunks = [{ range = \"0-10\", seekers = [\"bob.pub\"] }]");
        final Run none = change("grant", all, "alice", "carol");
        assertEquals(2, none.exit(), none.err());
        assertTrue(none.err().contains("nothing would be granted to "), none.err());
    }

    @Test
    void theSeekersOfThePolicyGetTheBytesAndNobodyElse() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]");
        assertArrayEquals(plain, bytes(request(dataset, "bob", 0)));
        assertArrayEquals(Arrays.copyOfRange(plain, 2 * CHUNK, 5 * CHUNK), bytes(request(dataset, "bob", 0, "--chunks",
            "2-4")));
        final Run denied = request(dataset, "mallory", 3);
        assertTrue(denied.err().startsWith("ztp: denied: "), denied.err());
        final byte[] key = Files.readAllBytes(directory.resolve("bob"));
        assertEquals(2, Run.ztp("request", dataset, "--dir", cluster, "--key", directory.resolve("bob"), "--out",
            directory.resolve("bob")).exit());
        assertArrayEquals(key, Files.readAllBytes(directory.resolve("bob")));
        final Path pipe = directory.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().onExit().join();
        assertEquals(2, Run.ztp("request", dataset, "--dir", cluster, "--key", directory.resolve("bob"), "--out", pipe)
            .exit());
        assertFalse(Files.isRegularFile(pipe), "it is as it was");
        assertFalse(Files.exists(directory.resolve("out")));
        assertEquals(2, request(dataset, "bob", 2, "--chunks", "2-99").exit());
        assertEquals(2, request("00".repeat(32), "bob", 2).exit());
    }

    @Test
    void whoIsGrantedMayAskAndWhoIsRevokedMayNot() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]");
        request(dataset, "carol", 3);
        assertEquals(3, change("grant", dataset, "mallory", "mallory").exit());
        assertEquals("contract version 2 is", change("grant", dataset, "alice", "carol").out().substring(0, 21));
        assertArrayEquals(plain, bytes(request(dataset, "carol", 0)));
        final Run refused = change("revoke", dataset, "mallory", "bob");
        assertEquals(3, refused.exit());
        assertTrue(refused.err().startsWith("ztp: refused by the ledger: only the owner may change the contract: "),
            refused.err());
        assertEquals(0, change("revoke", dataset, "alice", "bob").exit());
        request(dataset, "bob", 3);
        assertArrayEquals(plain, bytes(request(dataset, "carol", 0)));
        assertEquals(0, change("grant", dataset, "alice", "bob").exit());
        assertArrayEquals(plain, bytes(request(dataset, "bob", 0)));
        final Run log = Run.ztp("log", "--dir", cluster, "--dataset", dataset);
        assertTrue(log.out().contains("REVOKE  ACCEPTED") && log.out().contains("REQUEST  DENIED"), log.out());
    }

    @Test
    void whoIsRevokedBeforeAGrantArrivesDoesNotGetIt() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"carol.pub\"]")).orElseThrow();
        try (Ledger ledger = ledger(service); SshPrivateKey alice = KeyFile.read(directory.resolve("alice"))) {
            final Grant held = new Grant(dataset, 1, DatasetHistory.of(ledger, dataset).contract().granting(List.of()),
                List.of());
            final Run revoked = change("revoke", dataset.toString(), "alice", "bob");
            assertEquals(0, revoked.exit(), revoked.err());
            assertTrue(revoked.out().contains("(contract version 2, seekers revoked: 0)"), revoked.out());
            assertEquals(Exit.USAGE, assertThrows(CommandException.class, () -> ledger.submit(alice.key(),
                held.encode())).exit());
        }
        assertEquals(0, change("grant", dataset.toString(), "alice", "bob").exit());
        assertArrayEquals(plain, bytes(request(dataset.toString(), "bob", 0)));
    }

    @Test
    void rulesAreKept() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]\nrules { purpose = required, max-requests = 1 }");
        request(dataset, "bob", 3);
        assertArrayEquals(plain, bytes(request(dataset, "bob", 0, "--purpose", "science")));
        request(dataset, "bob", 3, "--purpose", "more science");
    }

    @Test
    void aRequestWaitsForItsApprovals() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]\n"
            + "rules { approvals { count = 1, approvers = [\"carol.pub\"] } }");
        final CompletableFuture<Run> asked = CompletableFuture.supplyAsync(() -> Run.ztp("request", dataset, "--dir",
            cluster, "--key", directory.resolve("bob"), "--out", directory.resolve("out"), "--purpose", "a \"cure\""));
        final String pending = Awaitility.await().until(() -> Run.ztp("log", "--dir", cluster, "--dataset", dataset)
            .out().lines().filter(line -> line.contains("PENDING")).findFirst().orElse(""), line -> !line.isEmpty());
        assertTrue(pending.contains("  " + dataset + "  \"a \\\"cure\\\"\"  by "), pending);
        final String id = pending.replaceAll(".*  ([0-9a-f]{64}\\.0).*", "$1");
        for (final String other : List.of("mallory", "bob")) {
            assertEquals(3, Run.ztp("approve", id, "--dir", cluster, "--key", directory.resolve(other)).exit());
        }
        assertFalse(asked.isDone());
        assertEquals(0, Run.ztp("approve", id, "--dir", cluster, "--key", directory.resolve("carol")).exit());
        assertEquals(0, asked.join().exit(), asked.join().err());
        assertArrayEquals(plain, Files.readAllBytes(directory.resolve("out")));
    }

    @Test
    void aRequestApprovedAfterItsCommandGaveUpIsGoneOnWith() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]\n"
            + "rules { approvals { count = 1, approvers = [\"carol.pub\"] } }");
        Run run = request(dataset, "bob", 4, "--timeout", "2");
        while (!run.err().contains("ztp approve ")) {
            run = request(dataset, "bob", 4, "--timeout", "2"); // the machine was busy: the same request again
        }
        final String id = run.err().replaceAll("(?s).*ztp approve ([0-9a-f]{64}\\.0) .*", "$1");
        assertEquals(0, Run.ztp("approve", id, "--dir", cluster, "--key", directory.resolve("carol")).exit());
        assertArrayEquals(plain, bytes(request(dataset, "bob", 0)));
    }

    @Test
    void aReplicaThatGivesWrongSharesIsNamedAndTheSeekerIsServed() throws Exception {
        final String dataset = publish("seekers = [\"bob.pub\"]");
        sharing.ask(new ServiceRequest.Fault(2, ServiceRequest.Fault.Harm.WRONG_SHARES));
        boolean named = false;
        for (int i = 0; i < 12 && !named; i++) {
            final Run run = request(dataset, "bob", 0);
            assertArrayEquals(plain, bytes(run));
            named = run.err().contains("replica 2: ");
            assertFalse(run.err().matches("(?s).*replica [013]: .*"), run.err());
        }
        assertTrue(named);
        final List<ServiceReply.LogEntry> log = log();
        assertTrue(log.stream().anyMatch(entry -> entry.kind().equals("EVIDENCE")));
    }

    @Test
    void anApprovalThatComesTooLateIsNoApproval() throws Exception {
        final String dataset = publish("seekers = [\"bob.pub\"]\n"
            + "rules { max-requests = 1, approvals { count = 1, approvers = [\"carol.pub\"] } }");
        final List<String> ids = new ArrayList<>();
        try (Ledger ledger = ledger(service); SshPrivateKey bob = KeyFile.read(directory.resolve("bob"))) {
            for (int i = 0; i < 2; i++) {
                final Hash fresh = Hash.of(X25519PrivateKey.generate(new SystemRandomness()).publicKey().bytes());
                ids.add(ledger.submit(bob.key(), new Request(Hash.parse(dataset).orElseThrow(), new ChunkRange(0, 0),
                    "", fresh, "").encode()).id().toString());
            }
        }
        assertEquals(0, Run.ztp("approve", ids.get(0), "--dir", cluster, "--key", directory.resolve("carol")).exit());
        final Run late = Run.ztp("approve", ids.get(1), "--dir", cluster, "--key", directory.resolve("carol"));
        assertEquals(3, late.exit(), late.out());
        assertTrue(late.err().contains("the request was denied: "), late.err());
    }

    @Test
    void changesOfAContractAreToldInOneForm() throws IOException {
        final String dataset = publish("seekers = [\"bob.pub\"]");
        final String common = "\"transaction\":\"[0-9a-f]{64}\\.0\","
            + "\"height\":[0-9]+,\"outcome\":\"ACCEPTED\",\"detail\":\"";
        int version = 2;
        for (final String command : List.of("grant", "revoke")) {
            final Run run = Run.ztp(command, dataset, "--dir", cluster, "--key", directory.resolve("alice"), "--seeker",
                directory.resolve("carol.pub"), "--json");
            assertTrue(run.out().matches("\\{\"dataset\":\"" + dataset + "\",\"version\":" + version + ",\"revoked\":"
                + (version - 2) + "," + common + "contract version " + version + ", seekers revoked: " + (version - 2)
                + "\"}\n"), run.out() + run.err());
            version++;
        }
    }

    @Test
    void otherInputUnderASubmissionThatWasUsedIsTheUsersSlipAsTheLedgerProves() throws IOException {
        final Path three = Files.writeString(directory.resolve("three"), "a\nb\nc\n");
        final Path one = Files.writeString(directory.resolve("one"), "d\n");
        assertEquals(0, recordUnder("7", three).exit());
        final String again = recordUnder("7", three).out();
        assertTrue(again.contains("\"records\":3,\"alreadyThere\":1,\"recordsAlreadyThere\":3,\"bundles\":1,"), again);
        final Run other = recordUnder("7", one);
        assertEquals(2, other.exit());
        assertTrue(other.err().startsWith("ztp: the submission was used before for other input: "), other.err());
        sharing.answerBy((request, reply) -> service.handle(request, answer -> reply.accept(
            answer instanceof ServiceReply.Submitted said ? new ServiceReply.Submitted(
                ServiceReply.Submitted.Status.DUPLICATE, Hash.ZERO, said.height(), List.of()) : answer)));
        final Run lie = recordUnder("8", one);
        assertEquals(5, lie.exit());
        assertTrue(lie.err().contains("the service answers for another bundle"), lie.err());
    }

    private Run recordUnder(final String submission, final Path lines) {
        return Run.ztp("record", lines, "--dir", cluster, "--key", directory.resolve("mallory"), "--json",
            "--submission", submission.repeat(32));
    }

    @Test
    void aPolicyMayComeThroughAPipeThatSomethingWritesTo() throws Exception {
        final Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        final Run nothing = Run.ztp("publish", file, "--dir", cluster, "--key", directory.resolve("alice"),
            "--policy", pipe, "--timeout", "0.5");
        assertEquals(2, nothing.exit());
        assertTrue(nothing.err().contains(" gives no policy within 0.5 s"), nothing.err());
        Files.delete(pipe);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        final CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                Files.writeString(pipe, "seekers = []");
            } catch (final IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        final Run read = Run.ztp("publish", file, "--dir", cluster, "--key", directory.resolve("alice"), "--policy",
            pipe);
        assertEquals(0, read.exit(), read.err());
        assertTrue(read.err().contains("the policy names no seeker: "), read.err());
        writing.join();
    }

    @Test
    void aPolicyOrFileThatIsWrongLeavesNothingBehind() throws IOException {
        Files.writeString(directory.resolve("policy"), "seekers = [\"nobody.pub\"]");
        final Run run = Run.ztp("publish", file, "--dir", cluster, "--key", directory.resolve("alice"), "--policy",
            directory.resolve("policy"));
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("hint: "), run.err());
        assertEquals(2, Run.ztp("publish", directory.resolve("none"), "--dir", cluster, "--key",
            directory.resolve("alice"), "--policy", directory.resolve("policy")).exit());
    }

    @Test
    void whatAStrangerWritesIsNoLineOfTheLogAndSteersNoTerminal() throws IOException {
        final Path line = Files.writeString(directory.resolve("line"), "x\n");
        assertEquals(0, Run.ztp("record", line, "--dir", cluster, "--key", directory.resolve("mallory"), "--entity",
            "job 7\n9  REVOKE  ACCEPTED\u001b[2J\u202e").exit());
        final Run log = Run.ztp("log", "--dir", cluster);
        assertEquals(1, log.out().lines().count(), log.out());
        assertTrue(log.out().contains("job 7\\u{a}9  REVOKE  ACCEPTED\\u{1b}[2J\\u{202e}  \"x\"  by "), log.out());
    }

    @Test
    void nobodySlipsASeekerIntoTheContractThatTheOwnerSignsNext() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"bob.pub\"]")).orElseThrow();
        change("grant", publish("seekers = [\"carol.pub\"]"), "alice", "mallory"); // her own, for another dataset
        try (Ledger ledger = ledger(service); SshPrivateKey mallory = KeyFile.read(directory.resolve("mallory"))) {
            final Contract wished = DatasetHistory.of(ledger, dataset).contract().granting(SharingOptions.identities(
                List.of(directory.resolve("mallory.pub").toString())));
            assertThrows(CommandException.class, () -> ledger.submit(mallory.key(), new Grant(dataset, 1, wished,
                List.of()).encode()));
        }
        final List<ServiceReply.LogEntry> log = log();
        final Hash owner = log.get(0).client();
        final List<String> told = new ArrayList<>();
        for (final ServiceReply.LogEntry grant : log) {
            if (grant.kind().equals("GRANT")) {
                final ServiceReply.LogEntry lie = new ServiceReply.LogEntry(grant.subCluster(), grant.height(),
                    grant.timeMillis(), grant.name(), owner, "GRANT", dataset.toString(), "", 0, "");
                try (Ledger ledger = ledger((request, reply) -> service.handle(request, answer -> reply.accept(
                    answer instanceof ServiceReply.LogPage page ? new ServiceReply.LogPage(Stream.concat(
                        page.entries().stream(), Stream.of(lie)).toList(), page.next()) : answer)))) {
                    final CommandException found = assertThrows(CommandException.class,
                        () -> DatasetHistory.of(ledger, dataset));
                    assertEquals(Exit.UNVERIFIED, found.exit());
                    told.add(found.getMessage().replaceAll(".*accept: (\\w+) .*", "$1"));
                }
            }
        }
        assertEquals(List.of("dataset", "signer"), told);
    }

    @Test
    void aRevocationIsDoneWhenItIsProvenAndNotWhenTheServiceSaysSo() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"bob.pub\"]")).orElseThrow();
        try (Ledger ledger = ledger((request, reply) -> {
            if (request instanceof ServiceRequest.Submit submit) {
                final Bundle signed = Bundle.parse(submit.bundle(), 0, submit.bundle().length).orElseThrow();
                reply.accept(new ServiceReply.Submitted(ServiceReply.Submitted.Status.FINAL,
                    new BundleHasher(service.genesis().chain()).identify(signed), 7, List.of()));
            } else {
                service.handle(request, reply);
            }
        }); SshPrivateKey alice = KeyFile.read(directory.resolve("alice"))) {
            final CommandException lie = assertThrows(CommandException.class, () -> ledger.submit(alice.key(),
                Revoke.of(dataset, List.of(dataset)).encode()));
            assertEquals(Exit.UNAVAILABLE, lie.exit());
        }
    }

    @Test
    void aServiceThatHidesARevocationAndShowsARefusedGrantInsteadIsFound() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"bob.pub\"]")).orElseThrow();
        try (Ledger ledger = ledger(service); SshPrivateKey alice = KeyFile.read(directory.resolve("alice"))) {
            final Contract first = DatasetHistory.of(ledger, dataset).contract();
            assertEquals(0, change("revoke", dataset.toString(), "alice", "bob").exit());
            assertEquals(Exit.USAGE, assertThrows(CommandException.class, () -> ledger.submit(alice.key(),
                new Grant(dataset, 1, first.granting(List.of()), List.of()).encode())).exit());
        }
        final ServiceReply.LogEntry refused = log().stream().filter(entry -> entry.kind().equals("GRANT"))
            .findFirst().orElseThrow();
        try (Ledger ledger = ledger((request, reply) -> service.handle(request, answer -> reply.accept(
            answer instanceof ServiceReply.LogPage page ? new ServiceReply.LogPage(page.entries().stream().map(entry ->
                !entry.kind().equals("REVOKE") ? entry : new ServiceReply.LogEntry(refused.subCluster(), refused.height(),
                    refused.timeMillis(), refused.name(), entry.client(), "GRANT", dataset.toString(), "", 0, "")).toList(),
                page.next()) : answer)))) {
            final CommandException found = assertThrows(CommandException.class, () -> DatasetHistory.of(ledger, dataset));
            assertEquals(Exit.UNVERIFIED, found.exit());
            assertTrue(found.getMessage().endsWith("outcome of the change: expected=ACCEPTED actual=INVALID"),
                found.getMessage());
        }
    }

    @Test
    void aServiceThatShowsOneRevocationTwiceInsteadOfAnotherIsFound() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"bob.pub\", \"carol.pub\"]")).orElseThrow();
        assertEquals(0, change("revoke", dataset.toString(), "alice", "carol").exit());
        assertEquals(0, change("revoke", dataset.toString(), "alice", "bob").exit());
        try (Ledger ledger = ledger((request, reply) -> service.handle(request, answer -> reply.accept(
            answer instanceof ServiceReply.LogPage page ? new ServiceReply.LogPage(
                Stream.of(0, 1, 1).map(page.entries()::get).toList(), page.next()) : answer)))) {
            final CommandException found = assertThrows(CommandException.class, () -> DatasetHistory.of(ledger, dataset));
            assertEquals(Exit.UNVERIFIED, found.exit());
            assertTrue(found.getMessage().contains("place of the change"), found.getMessage());
        }
    }

    @Test
    void aRefusalIsWhatTheLedgerProvesAndNotWhatTheServiceSays() throws Exception {
        final Hash dataset = Hash.parse(publish("seekers = [\"bob.pub\"]")).orElseThrow();
        final ServiceHandler liar = (request, reply) -> service.handle(request, answer -> reply.accept(
            answer instanceof ServiceReply.Submitted said ? new ServiceReply.Submitted(said.status(), said.bundle(),
                said.height(), List.of(new ServiceReply.TransactionOutcome(0, Outcome.Code.DENIED.code(), "no"))) : answer));
        try (Ledger lied = ledger(liar); Ledger ledger = ledger(service);
             SshPrivateKey bob = KeyFile.read(directory.resolve("bob"))) {
            final Hash fresh = Hash.of(X25519PrivateKey.generate(new SystemRandomness()).publicKey().bytes());
            final Ledger.Settled allowed = lied.submit(bob.key(), new Request(dataset, new ChunkRange(0, 0), "", fresh, "")
                .encode());
            assertEquals(Outcome.Code.ALLOWED, allowed.code());
            final Refusal refusal = new Refusal(ledger, dataset, allowed.id(), Hash.of(bob.key().verifyKey().bytes()),
                new ChunkRange(0, 0));
            assertEquals(Exit.UNAVAILABLE, refusal.after("closed", 0).exit());
            assertEquals(0, change("revoke", dataset.toString(), "alice", "bob").exit());
            assertEquals(0, change("grant", dataset.toString(), "alice", "bob").exit());
            final CommandException closed = refusal.after("closed", TimeUnit.SECONDS.toNanos(60));
            assertEquals(Exit.DENIED, closed.exit());
            assertTrue(closed.getMessage().contains("revoked (contract version 2)"), closed.getMessage());
        }
    }

    @Test
    void aReceiptProvesWhatCameOfItThoughNothingFollows() throws Exception {
        publish("seekers = [\"bob.pub\"]");
        final Run receipt = Run.ztp("receipt", log().get(0).name(), "--dir", cluster);
        final Path proof = Files.writeString(directory.resolve("receipt"), receipt.out());
        final Run verified = Run.ztp("verify-receipt", proof, "--genesis", cluster.resolve("genesis.conf"));
        assertEquals(0, verified.exit(), verified.err());
        final List<String> lines = verified.out().lines().toList();
        assertTrue(lines.get(0).endsWith("ACCEPTED"), verified.out());
        assertTrue(lines.get(1).contains("Z  PUBLISH  \"data.bin\"  by " + log().get(0).client()), verified.out());
    }

    private List<ServiceReply.LogEntry> log() throws Exception {
        return sharing.log();
    }

    private Ledger ledger(final ServiceHandler handler) throws Exception {
        return sharing.ledger(handler);
    }

    private String publish(final String policy) throws IOException {
        return sharing.publish(policy);
    }

    private Run request(final String dataset, final String who, final int exit, final Object... more)
            throws IOException {
        return sharing.request(dataset, who, exit, more);
    }

    private Run change(final String command, final String dataset, final String who, final String seeker) {
        return sharing.change(command, dataset, who, seeker);
    }

    private byte[] bytes(final Run run) throws IOException {
        return sharing.bytes(run);
    }
}
