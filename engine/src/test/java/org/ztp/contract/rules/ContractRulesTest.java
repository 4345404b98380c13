package org.ztp.contract.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.contract.Parties.key;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.RequestState.Status;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.Samples;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Outcome.Code;
import org.ztp.ledger.state.StateReader;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

class ContractRulesTest {
    private static final Hash DATASET = Publish.id(LedgerOfContracts.CHAIN, key("owner"), key("d"));
    private final LedgerOfContracts ledger = new LedgerOfContracts();

    @Test
    void aPublishedDatasetIsThere() {
        assertEquals(Result.ACCEPTED, publish(contract(1, Rules.NONE, "bob")));
        final DatasetState dataset = ledger.state().dataset(DATASET).orElseThrow();
        assertEquals(key("owner"), dataset.owner());
        assertEquals("data d", dataset.dataset().name());
        assertEquals(ledger.last(), dataset.transaction());
        assertEquals(1, dataset.height());
        assertEquals(Optional.of(contract(1, Rules.NONE, "bob")), ledger.state().contract(DATASET));
        assertEquals(ledger.last(), ledger.state().seeker(DATASET, key("bob")).orElseThrow().part());
        assertEquals(Optional.empty(), ledger.state().seeker(DATASET, key("eve")));
    }

    @Test
    void aDatasetIsPublishedOnce() {
        publish(contract(1, Rules.NONE, "bob"));
        assertInvalid("dataset " + DATASET + " was published before", publish(contract(1, Rules.NONE, "bob")));
        assertEquals(Result.ACCEPTED, ledger.apply("mallory", Samples.publish("d", contract(1, Rules.NONE)).encode()));
        assertEquals(key("owner"), ledger.state().dataset(DATASET).orElseThrow().owner());
    }

    @Test
    void aDatasetOfAnotherSubClusterIsRefused() {
        ledger.elsewhere = Optional.of(DATASET);
        assertInvalid("dataset " + DATASET + " belongs to another sub-cluster",
            publish(contract(1, Rules.NONE, "bob")));
        assertTrue(ledger.state().dataset(DATASET).isEmpty());
        ledger.elsewhere = Optional.empty();
        assertEquals(Result.ACCEPTED, publish(contract(1, Rules.NONE, "bob")));
    }

    @Test
    void aPublishThatDoesNotFitIsRefused() {
        final Publish good = Samples.publish("d", contract(1, Rules.NONE, "bob"));
        assertInvalid("replicas: expected=4 actual=5", publish(new Publish(good.nonce(), good.dataset(),
            good.ownerBox(), good.blobs(), good.commitments(), Samples.boxes(5, 1), good.contract(), good.parts())));
        assertInvalid("contract version: expected=1 actual=2", publish(contract(2, Rules.NONE, "bob")));
        assertInvalid("chunks of the contract: expected=10 actual=9", publish(with(good, new Contract(1,
            List.of(new Clause(ChunkRange.all(9), Parties.of("bob"), Rules.NONE))), good.parts())));
        assertInvalid("no part for chunks [0-9] of seeker " + key("bob").brief(),
            publish(with(good, good.contract(), List.of())));
        assertInvalid("a part for " + key("bob").brief() + ", who is no seeker of the contract",
            publish(with(good, contract(1, Rules.NONE, "carol"), good.parts())));
        final Contract narrow = new Contract(1, List.of(new Clause(ChunkRange.all(10), List.of(), Rules.NONE),
            new Clause(new ChunkRange(2, 3), Parties.of("bob"), Rules.NONE)));
        assertInvalid("chunks of the part for " + key("bob").brief() + ": expected=[2-3] actual=[0-9]",
            publish(with(good, narrow, good.parts())));
        assertEquals(Optional.empty(), ledger.state().dataset(DATASET));
        assertEquals(Optional.empty(), ledger.state().seeker(DATASET, key("bob")));
    }

    @Test
    void anAllowedRequestIsReleasable() {
        publish(contract(1, Rules.NONE, "bob"));
        assertEquals(new Result(Code.ALLOWED, "allowed (contract version 1, chunks 2-4)"),
            ledger.request("bob", DATASET, 2, 4, "study"));
        final RequestState request = ledger.state().request(ledger.last()).orElseThrow();
        assertEquals(Status.ALLOWED, request.status());
        assertEquals(new ChunkRange(2, 4), request.request().chunks());
        assertEquals(key("bob"), request.seeker());
        assertEquals(1, request.version());
        assertEquals(2, request.height());
        assertEquals(ledger.timeMillis, request.timeMillis());
        final ReleaseCheck check = ReleaseCheck.of(ledger.view(), ledger.last(), ledger.timeMillis);
        assertEquals(Optional.empty(), check.refusal());
        assertEquals(request, check.release().orElseThrow().request());
        assertEquals(key("owner"), check.release().orElseThrow().dataset().owner());
    }

    @Test
    void aStrangersRequestIsDeniedAndNothingReleased() {
        publish(contract(1, Rules.NONE, "bob"));
        final Result denied = ledger.request("eve", DATASET, 0, 0, "");
        assertEquals(Code.DENIED, denied.code());
        assertEquals("denied by rule seekers: " + key("eve").brief()
            + " is not one of 1 (contract version 1, chunks 0-9)",
            denied.detail());
        assertEquals(Optional.of(denied.detail()), ledger.refusal(ledger.last()));
        assertEquals(Optional.of("no request " + new TransactionId(key("no"), 0)),
            ledger.refusal(new TransactionId(key("no"), 0)));
    }

    @Test
    void requestsAboutNothingOrWithoutAKeyAreInvalid() {
        assertInvalid("no dataset " + DATASET, ledger.request("bob", DATASET, 0, 0, ""));
        publish(contract(1, Rules.NONE, "bob"));
        assertInvalid("the fresh key is no X25519 key: " + Hash.ZERO, ledger.apply("bob",
            new Request(DATASET, new ChunkRange(0, 0), "", Hash.ZERO, "").encode()));
    }

    @Test
    void requestsAreCountedPerSeekerAndClause() {
        final Rules once = new Rules(0, 0, 0, 1, false, 0, List.of());
        publish(new Contract(1, List.of(new Clause(ChunkRange.all(10), Parties.of("bob", "carol"), once),
            new Clause(new ChunkRange(5, 9), Parties.of("bob"), once))));
        assertEquals(Code.ALLOWED, ledger.request("bob", DATASET, 0, 4, "").code());
        assertEquals(
            new Result(Code.DENIED, "denied by rule max-requests: 1 of 1 used (contract version 1, chunks 0-9)"),
            ledger.request("bob", DATASET, 0, 0, ""));
        assertEquals(Code.DENIED, ledger.request("bob", DATASET, 4, 5, "").code());
        assertEquals(Code.ALLOWED, ledger.request("carol", DATASET, 0, 4, "").code());
        assertEquals(Code.ALLOWED, ledger.request("bob", DATASET, 5, 9, "").code());
        assertEquals(Code.DENIED, ledger.request("bob", DATASET, 9, 9, "").code());
        assertEquals(1, ledger.state().used(DATASET, key("bob"), ChunkRange.all(10)));
    }

    @Test
    void countsOutliveANewVersionOfTheContract() {
        publish(contract(1, new Rules(0, 0, 0, 1, false, 0, List.of()), "bob"));
        ledger.request("bob", DATASET, 0, 0, "");
        grant(contract(2, new Rules(0, 0, 0, 2, false, 0, List.of()), "bob"));
        assertEquals(Code.ALLOWED, ledger.request("bob", DATASET, 0, 0, "").code());
        assertEquals("denied by rule max-requests: 2 of 2 used (contract version 2, chunks 0-9)",
            ledger.request("bob", DATASET, 0, 0, "").detail());
    }

    @Test
    void theTimeOfTheBlockDecides() {
        final long end = ledger.timeMillis;
        publish(contract(1, new Rules(0, end, 0, 0, false, 0, List.of()), "bob"));
        assertEquals(Code.ALLOWED, ledger.request("bob", DATASET, 0, 0, "").code());
        final TransactionId request = ledger.last();
        ledger.timeMillis = end + 1;
        assertTrue(ledger.refusal(request).orElseThrow().startsWith("closed by rule not-after: "));
        assertTrue(ledger.request("bob", DATASET, 0, 0, "").detail().startsWith("denied by rule not-after: "));
        grant(contract(2, Rules.NONE, "bob"));
        assertEquals(Optional.empty(), ledger.refusal(request));
    }

    @Test
    void approvalsAllowAWaitingRequest() {
        publish(contract(1, new Rules(0, 0, 0, 0, false, 2, Parties.of("ann", "ben", "bob")), "bob"));
        assertEquals(
            new Result(Code.PENDING, "pending by rule approvals: 0 of 2 given (contract version 1, chunks 0-9)"),
            ledger.request("bob", DATASET, 1, 2, ""));
        final TransactionId request = ledger.last();
        assertTrue(ledger.refusal(request).isPresent());
        assertInvalid(key("eve").brief() + " is no approver of contract version 1 for chunks 1-2",
            approve("eve", request));
        assertInvalid("nobody approves a request of their own", approve("bob", request));
        assertEquals(new Result(Code.PENDING, "request " + request
            + ": pending by rule approvals: 1 of 2 given (contract version 1, chunks 0-9)"), approve("ann", request));
        assertInvalid(key("ann").brief() + " approved the request before", approve("ann", request));
        assertEquals(new Result(Code.ALLOWED, "request " + request + ": allowed (contract version 1, chunks 1-2)"),
            approve("ben", request));
        assertEquals(Optional.empty(), ledger.refusal(request));
        assertEquals(List.of(key("ann"), key("ben")), ledger.state().request(request).orElseThrow().approvals());
        assertInvalid("the request waits for no approval: allowed (contract version 1, chunks 1-2)",
            approve("ben", request));
        assertInvalid("no request " + new TransactionId(key("no"), 1), approve("ben", new TransactionId(key("no"), 1)));
    }

    @Test
    void aRequestHasRoomForSoManyApprovalsAndNoMore() {
        final List<Clause> clauses = new ArrayList<>(List.of(new Clause(ChunkRange.all(10), Parties.of("bob"),
            Rules.NONE)));
        for (int chunk = 0; chunk < 5; chunk++) {
            final String[] names = new String[Rules.MAX_APPROVERS];
            for (int i = 0; i < names.length; i++) {
                names[i] = "approver " + chunk + " " + i;
            }
            clauses.add(new Clause(new ChunkRange(chunk, chunk), Parties.of("bob"), new Rules(0, 0, 0, 0, false,
                names.length, Parties.of(names))));
        }
        publish(new Contract(1, clauses));
        assertEquals(Code.PENDING, ledger.request("bob", DATASET, 0, 4, "").code());
        final TransactionId request = ledger.last();
        for (int i = 0; i < RequestState.MAX_APPROVALS; i++) {
            assertEquals(Code.PENDING, approve("approver " + i / Rules.MAX_APPROVERS + " " + i % Rules.MAX_APPROVERS,
                request).code());
        }
        assertInvalid("approvals of one request: limit=255", approve("approver 4 0", request));
        assertEquals(RequestState.MAX_APPROVALS, ledger.state().request(request).orElseThrow().approvals().size());
    }

    @Test
    void whatAContractOfManyRangesAndSeekersLacksIsFoundSoon() {
        final int chunks = 2 * SeekerPart.MAX_RANGES;
        final List<ChunkRange> odd = new ArrayList<>();
        for (int i = 0; i < SeekerPart.MAX_RANGES; i++) {
            odd.add(new ChunkRange(2 * i, 2 * i));
        }
        final PartState part = new PartState(1, odd, new byte[0]);
        final long micros = microsOfProcessor(() -> {
            for (int seeker = 0; seeker < 20; seeker++) {
                assertTrue(part.holds(odd));
                assertFalse(part.holds(List.of(new ChunkRange(chunks - 1, chunks - 1))));
                assertFalse(part.holds(List.of(new ChunkRange(0, 1))));
            }
        });
        assertTrue(micros < 200_000, "microseconds of processor time: " + micros);
    }

    @Test
    void aRequestCostsWhatItDecidesAndNotTheLengthOfTheContract() {
        final String[] seekers = new String[40];
        for (int i = 0; i < seekers.length; i++) {
            seekers[i] = "seeker " + i;
        }
        final List<Clause> clauses = new ArrayList<>(List.of(new Clause(ChunkRange.all(256), Parties.of(seekers),
            Rules.NONE)));
        for (int i = 1; i < Contract.MAX_CLAUSES; i++) {
            clauses.add(new Clause(new ChunkRange(2 * i, 2 * i), Parties.of(seekers), Rules.NONE));
        }
        assertEquals(Code.ACCEPTED, publish(new Contract(1, clauses)).code());
        final int requests = 500;
        final long micros = microsOfProcessor(() -> {
            for (int i = 0; i < requests; i++) {
                assertEquals(Code.DENIED, ledger.request("eve", DATASET, 0, 0, "").code());
            }
        }) / requests;
        assertTrue(micros < 1_000, "microseconds of processor time a request: " + micros);
    }

    @Test
    void anApprovalOfAStrangerCostsLittleHoweverManyApproversThereAre() {
        final long few = nanosOfAStrangersApproval(1);
        final long many = nanosOfAStrangersApproval(55);
        assertTrue(many < 2 * few, "nanoseconds of processor time: one approver a clause=" + few + " many=" + many);
    }

    /** In a contract with as many clauses as there may be. */
    private static long nanosOfAStrangersApproval(final int approvers) {
        final ContractRulesTest own = new ContractRulesTest();
        final String[] names = IntStream.range(0, approvers).mapToObj(i -> "approver " + i).toArray(String[]::new);
        final List<Clause> clauses = new ArrayList<>();
        for (int i = 0; i < Contract.MAX_CLAUSES; i++) {
            clauses.add(new Clause(i == 0 ? ChunkRange.all(Contract.MAX_CLAUSES) : new ChunkRange(i, i),
                Parties.of("bob"), new Rules(0, 0, 0, 0, false, approvers,
                    Stream.of(names).map(name -> Identity.of(key(name), "")).sorted(
                        Comparator.comparing(Identity::key)).toList())));
        }
        assertEquals(Code.ACCEPTED, own.publish(new Contract(1, clauses)).code());
        own.ledger.request("bob", DATASET, 0, Contract.MAX_CLAUSES - 1, "");
        final TransactionId request = own.ledger.last();
        final int approvals = 5_000;
        long nanos = Long.MAX_VALUE;
        for (int round = 0; round < 4; round++) { // the first ones warm up
            nanos = Math.min(nanos, 1_000 * microsOfProcessor(() -> {
                for (int i = 0; i < approvals; i++) {
                    assertEquals(Code.INVALID, own.approve("eve", request).code());
                }
            }) / approvals);
        }
        return nanos;
    }

    private static long microsOfProcessor(final Runnable work) {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final long startNs = threads.getCurrentThreadCpuTime();
        work.run();
        return (threads.getCurrentThreadCpuTime() - startNs) / 1_000;
    }

    @Test
    void aWaitingRequestExpiresWithTheContract() {
        final long end = ledger.timeMillis;
        publish(contract(1, new Rules(0, end, 0, 0, false, 1, Parties.of("ann")), "bob"));
        ledger.request("bob", DATASET, 1, 2, "");
        final TransactionId request = ledger.last();
        ledger.timeMillis = end + 1;
        assertEquals(Code.DENIED, approve("ann", request).code());
        assertTrue(ledger.refusal(request).orElseThrow().startsWith("denied by rule not-after: "));
    }

    @Test
    void theContractAtTheLastApprovalDecides() {
        final Rules once = new Rules(0, 0, 0, 1, false, 1, Parties.of("ann"));
        publish(contract(1, once, "bob"));
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId first = ledger.last();
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId second = ledger.last();
        grant(contract(2, new Rules(0, 0, 0, 1, false, 1, Parties.of("ben")), "bob"));
        assertEquals(Code.INVALID, approve("ann", first).code());
        assertEquals(Code.ALLOWED, approve("ben", first).code());
        assertEquals(2, ledger.state().request(first).orElseThrow().version());
        assertEquals("request " + second
            + ": denied by rule max-requests: 1 of 1 used (contract version 2, chunks 0-9)",
            approve("ben", second).detail());
    }

    @Test
    void aRevokedSeekersRequestsAreClosedForGood() {
        publish(contract(1, new Rules(0, 0, 0, 0, false, 1, Parties.of("ann")), "bob", "carol"));
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId waiting = ledger.last();
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId allowed = ledger.last();
        approve("ann", allowed);
        ledger.request("carol", DATASET, 0, 0, "");
        final TransactionId other = ledger.last();
        approve("ann", other);
        assertEquals(new Result(Code.ACCEPTED, "contract version 2, seekers revoked: 1"),
            ledger.apply("owner", Revoke.of(DATASET, Set.of(key("bob"))).encode()));
        assertEquals(Status.CLOSED, ledger.state().request(waiting).orElseThrow().status());
        assertEquals(Optional.of("closed: the seeker was revoked (contract version 2)"), ledger.refusal(allowed));
        assertEquals(Optional.empty(), ledger.refusal(other));
        assertEquals(Code.INVALID, approve("ann", waiting).code());
        assertEquals(Code.DENIED, ledger.request("bob", DATASET, 0, 0, "").code());
        grant(ledger.state().contract(DATASET).orElseThrow().granting(Parties.of("bob")));
        assertEquals(Status.CLOSED, ledger.state().request(allowed).orElseThrow().status());
        ledger.request("bob", DATASET, 0, 0, "");
        assertEquals(Status.PENDING, ledger.state().request(ledger.last()).orElseThrow().status());
        assertEquals(3, ledger.state().version(DATASET));
        assertEquals(1, ledger.state().contract(DATASET, 1).orElseThrow().version());
    }

    @Test
    void aRevocationOfWhoIsNoSeekerVoidsTheGrantsSignedBefore() {
        publish(contract(1, Rules.NONE, "bob"));
        final Contract held = contract(2, Rules.NONE, "bob", "carol");
        assertEquals(new Result(Code.ACCEPTED, "contract version 2, seekers revoked: 0"),
            ledger.apply("owner", Revoke.of(DATASET, Set.of(key("carol"))).encode()));
        assertInvalid("contract version: expected=1 actual=2",
            ledger.apply("owner", new Grant(DATASET, 1, held, Samples.parts(held, "carol")).encode()));
        assertEquals(Code.DENIED, ledger.request("carol", DATASET, 0, 0, "").code());
        assertEquals(Code.ALLOWED, ledger.request("bob", DATASET, 0, 0, "").code());
        final TransactionId allowed = ledger.last();
        assertEquals(new Result(Code.ACCEPTED, "contract version 3, seekers revoked: 1"),
            ledger.apply("owner", Revoke.of(DATASET, Set.of(key("bob"), key("carol"))).encode()));
        assertEquals(Status.CLOSED, ledger.state().request(allowed).orElseThrow().status());
    }

    @Test
    void aVersionInWhichNobodyWasNamedIsStoredInFourBytes() {
        publish(contract(1, Rules.NONE, "bob"));
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId allowed = ledger.last();
        for (int version = 2; version <= 4; version++) {
            ledger.apply("owner", Revoke.of(DATASET, Set.of(key("carol"))).encode());
            assertEquals(4, ledger.view().get(StateKeys.contract(DATASET, version)).orElseThrow().length);
            assertEquals(contract(version, Rules.NONE, "bob"), ledger.state().contract(DATASET).orElseThrow());
        }
        assertEquals(Optional.empty(), ledger.refusal(allowed));
        assertEquals(Code.ACCEPTED, grant(contract(5, Rules.NONE, "bob")).code());
        assertEquals(contract(3, Rules.NONE, "bob"), ledger.state().contract(DATASET, 3).orElseThrow());
    }

    @Test
    void aVersionThatARevocationMadeIsStoredAsTheKeysThatWent() {
        final List<Hash> seekers = Stream.of("ann", "ben", "bob", "carol", "dan").map(Parties::key).sorted().toList();
        publish(contract(1, Rules.NONE, "ann", "ben", "bob", "carol", "dan"));
        assertStored(2, 1, seekers.subList(0, 1), seekers.get(0));
        assertStored(3, 2, List.of(), key("eve"));
        assertStored(4, 1, seekers.subList(0, 2), seekers.get(1), key("eve"));
        assertStored(5, 1, seekers.subList(0, 3), seekers.get(2));
        assertStored(6, 5, seekers.subList(3, 4), seekers.get(3));
        assertStored(7, 6, List.of(), seekers.get(0));
        assertEquals(List.of(seekers.get(4)),
            ledger.state().contract(DATASET).orElseThrow().rangesBySeeker().keySet().stream().toList());
    }

    private void assertStored(final int version, final int earlier, final List<Hash> gone, final Hash... named) {
        ledger.apply("owner", Revoke.of(DATASET, Set.of(named)).encode());
        final StringBuilder expected = new StringBuilder("0" + earlier + "000000");
        gone.forEach(expected::append);
        assertEquals(expected.toString(),
            HexFormat.of().formatHex(ledger.view().get(StateKeys.contract(DATASET, version)).orElseThrow()));
    }

    @Test
    void manyRevocationsOfALongContractTakeAFewTimesTheirOwnBytes() {
        final List<Hash> seekers = IntStream.range(0, Clause.MAX_SEEKERS).mapToObj(i -> key("seeker " + i)).toList();
        final List<Contract> versions = new ArrayList<>(List.of(longContract(seekers)));
        assertEquals(Code.ACCEPTED, publish(versions.get(0)).code());
        final long before = bytesOfValues();
        long sent = 0;
        for (final Hash seeker : seekers) {
            final byte[] revoke = Revoke.of(DATASET, Set.of(seeker)).encode();
            assertEquals(Code.ACCEPTED, ledger.apply("owner", revoke).code());
            sent += revoke.length;
            versions.add(versions.get(versions.size() - 1).revoking(Set.of(seeker)));
        }
        final long stored = bytesOfValues() - before;
        assertTrue(stored < 8 * sent, "stored=" + stored + " sent=" + sent);
        final CountedReader counted = new CountedReader(ledger.view());
        final SharingState state = new SharingState(counted);
        for (int version = versions.size(); version >= 1; version--) { // downwards: the one before was not read yet
            counted.reads = 0;
            assertEquals(Optional.of(versions.get(version - 1)), state.contract(DATASET, version));
            assertTrue(counted.reads < 16, "version " + version + " took reads: " + counted.reads);
        }
    }

    @Test
    void aRevocationCostsWhatItRevokesAndNotTheLengthOfTheContract() {
        final List<Hash> seekers = IntStream.range(0, Clause.MAX_SEEKERS).mapToObj(i -> key("seeker " + i)).toList();
        assertEquals(Code.ACCEPTED, publish(longContract(seekers)).code());
        final long micros = microsOfProcessor(() -> seekers.forEach(seeker -> assertEquals(Code.ACCEPTED,
            ledger.apply("owner", Revoke.of(DATASET, Set.of(seeker)).encode()).code()))) / seekers.size();
        assertTrue(micros < 300, "microseconds of processor time a revocation: " + micros);
    }

    private long bytesOfValues() {
        return ledger.values().values().stream().mapToLong(value -> value.length).sum();
    }

    /** Almost as long as may be; the clauses for single chunks, which name nobody, replace the one with the seekers. */
    private static Contract longContract(final List<Hash> seekers) {
        final int chunks = 21;
        final String comment = "a".repeat(Identity.MAX_COMMENT_BYTES);
        final List<Clause> clauses = new ArrayList<>(List.of(new Clause(ChunkRange.all(chunks),
            Identity.sorted(seekers.stream().map(seeker -> Identity.of(seeker, "")).toList()), Rules.NONE)));
        for (int chunk = 0; chunk < chunks; chunk++) {
            final List<Identity> approvers = new ArrayList<>();
            for (int i = 0; i < Rules.MAX_APPROVERS; i++) {
                approvers.add(Identity.of(key("approver " + chunk + " " + i), comment));
            }
            clauses.add(new Clause(new ChunkRange(chunk, chunk), List.of(),
                new Rules(0, 0, 0, 0, false, 1, Identity.sorted(approvers))));
        }
        return new Contract(1, clauses);
    }

    /** Counts what is read of a state. */
    private static final class CountedReader implements StateReader {
        private final StateReader state;
        private int reads;

        CountedReader(final StateReader state) {
            this.state = state;
        }

        @Override
        public Optional<byte[]> get(final byte[] name) {
            reads++;
            return state.get(name);
        }
    }

    @Test
    void eachVersionIsWhatGrantsAndRevocationsMadeOfIt() throws InterruptedException {
        final Random random = new Random(31);
        final String[] names = IntStream.range(0, 60).mapToObj(i -> "seeker " + i).toArray(String[]::new);
        final List<Contract> versions = new ArrayList<>(List.of(overlaid(1, names)));
        assertEquals(Code.ACCEPTED, publish(versions.get(0)).code());
        for (int version = 2; version <= 400; version++) {
            final boolean grants = random.nextInt(40) == 0;
            final String[] some = Stream.of(names).filter(name -> random.nextInt(grants ? 2 : 30) == 0)
                .toArray(String[]::new);
            final Contract before = versions.get(versions.size() - 1);
            final Set<Hash> gone = Stream.of(some).map(Parties::key).collect(Collectors.toSet());
            gone.add(key("eve"));
            versions.add(grants ? overlaid(version, some) : before.revoking(gone));
            assertEquals(Code.ACCEPTED, grants ? grant(versions.get(version - 1)).code()
                : ledger.apply("owner", Revoke.of(DATASET, gone).encode()).code());
            assertEquals(Optional.of(versions.get(version - 1)), ledger.state().contract(DATASET));
        }
        final List<Contract> found = new ArrayList<>();
        final Thread other = new Thread(() -> { // which has not read any
            for (int version = 400; version >= 1; version--) {
                found.add(0, ledger.state().contract(DATASET, version).orElseThrow());
            }
        });
        other.start();
        other.join();
        assertEquals(versions, found);
    }

    private static Contract overlaid(final int version, final String... seekers) {
        final String[] half = Arrays.copyOf(seekers, seekers.length / 2);
        return new Contract(version, List.of(new Clause(ChunkRange.all(10), Parties.of(seekers), Rules.NONE),
            new Clause(new ChunkRange(3, 5), Parties.of(half), Rules.NONE)));
    }

    @Test
    void theLastVersionOfAContractIsNotRevoked() {
        publish(contract(1, Rules.NONE, "bob"));
        ContractChange.store(ledger.view(), DATASET, contract(Integer.MAX_VALUE, Rules.NONE, "bob"));
        assertInvalid("contract version: limit=2147483647",
            ledger.apply("owner", Revoke.of(DATASET, Set.of(key("carol"))).encode()));
    }

    @Test
    void aGrantWithoutASeekerRevokesIt() {
        publish(contract(1, Rules.NONE, "bob", "carol"));
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId request = ledger.last();
        assertEquals(new Result(Code.ACCEPTED, "contract version 2, seekers revoked: 1"),
            grant(contract(2, Rules.NONE, "carol")));
        assertEquals(Status.CLOSED, ledger.state().request(request).orElseThrow().status());
    }

    @Test
    void aReleaseNeedsTheSeekerInTheLatestContractForEveryChunk() {
        publish(contract(1, Rules.NONE, "bob"));
        ledger.request("bob", DATASET, 0, 5, "");
        final TransactionId request = ledger.last();
        assertEquals(Code.ACCEPTED, grant(new Contract(2, List.of(
            new Clause(ChunkRange.all(10), Parties.of("bob"), Rules.NONE),
            new Clause(new ChunkRange(5, 5), List.of(), Rules.NONE)))).code());
        assertTrue(ledger.refusal(request).orElseThrow().startsWith("closed by rule seekers: "));
    }

    @Test
    void onlyTheOwnerChangesTheContractAndOnlyTheLatest() {
        publish(contract(1, Rules.NONE, "bob"));
        final Contract next = contract(2, Rules.NONE, "bob", "carol");
        final byte[] grant = new Grant(DATASET, 1, next, Samples.parts(next, "carol")).encode();
        final String owner = "only the owner may change the contract: owner=" + key("owner").brief() + " signer="
            + key("bob").brief();
        assertInvalid(owner, ledger.apply("bob", grant));
        assertInvalid(owner, ledger.apply("bob", Revoke.of(DATASET, Set.of(key("bob"))).encode()));
        assertEquals(Code.ACCEPTED, ledger.apply("owner", grant).code());
        assertInvalid("contract version: expected=1 actual=2", ledger.apply("owner", grant));
        assertInvalid("new contract: expected version=3 chunks=10 actual version=4 chunks=10",
            ledger.apply("owner", new Grant(DATASET, 2, contract(4, Rules.NONE, "bob"), List.of()).encode()));
        assertInvalid("no dataset " + key("no"),
            ledger.apply("owner", new Grant(key("no"), 2, contract(3, Rules.NONE), List.of()).encode()));
        assertInvalid("no dataset " + key("no"), ledger.apply("owner", Revoke.of(key("no"),
            Set.of(key("bob"))).encode()));
    }

    @Test
    void aGrantBringsWhatItsNewSeekersNeed() {
        publish(contract(1, Rules.NONE, "bob"));
        final Contract next = contract(2, Rules.NONE, "bob", "carol");
        assertInvalid("no part for chunks [0-9] of seeker " + key("carol").brief(),
            ledger.apply("owner", new Grant(DATASET, 1, next, List.of()).encode()));
        assertEquals(Code.ACCEPTED, ledger.apply("owner",
            new Grant(DATASET, 1, next, Samples.parts(next, "carol")).encode()).code());
        assertEquals(ledger.last(), ledger.state().seeker(DATASET, key("carol")).orElseThrow().part());
        assertEquals(Code.ALLOWED, ledger.request("carol", DATASET, 0, 9, "").code());
    }

    @Test
    void aRequestIsServedWithThePartThatItWasAllowedWith() {
        publish(contract(1, Rules.NONE, "bob"));
        final TransactionId first = ledger.last();
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId request = ledger.last();
        grant(contract(2, Rules.NONE, "bob"));
        final TransactionId second = ledger.last();
        assertEquals(second, ledger.state().seeker(DATASET, key("bob")).orElseThrow().part());
        final ReleaseCheck.Release release =
            ReleaseCheck.of(ledger.view(), request, ledger.timeMillis).release().orElseThrow();
        assertEquals(first, release.transaction());
        assertEquals(1, release.part().height());
        ledger.request("bob", DATASET, 0, 0, "");
        assertEquals(Optional.of(second), ledger.state().request(ledger.last()).orElseThrow().part());
        ledger.request("eve", DATASET, 0, 0, "");
        assertEquals(Optional.empty(), ledger.state().request(ledger.last()).orElseThrow().part());
    }

    @Test
    void evidenceThatHoldsIsNotedOnce() {
        publish(contract(1, Rules.NONE, "bob"));
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId request = ledger.last();
        assertEquals(new Result(Code.ACCEPTED, "replica 2 sent a wrong share"),
            ledger.apply("bob", evidence(DATASET, request, 2, Evidence.About.CHUNK, 0)));
        assertEquals(3, ledger.state().evidence(request, 2, Evidence.About.CHUNK.code()));
        assertInvalid("the same evidence was recorded before: replica=2",
            ledger.apply("bob", evidence(DATASET, request, 2, Evidence.About.CHUNK, 0)));
        assertEquals(Code.ACCEPTED, ledger.apply("bob", evidence(DATASET, request, 2, Evidence.About.OPENER,
            0)).code());
        assertInvalid("position 1", ledger.apply("bob", evidence(DATASET, request, 1, Evidence.About.CHUNK, 1)));
        assertInvalid("no share was given to replica 4",
            ledger.apply("bob", evidence(DATASET, request, 4, Evidence.About.CHUNK, 0)));
        assertEquals(Code.INVALID, ledger.apply("bob", evidence(key("no"), request, 1, Evidence.About.CHUNK,
            0)).code());
    }

    @Test
    void theDatasetOfEveryTransactionIsKnown() {
        final Publish publish = Samples.publish("d", contract(1, Rules.NONE, "bob"));
        publish(publish);
        ledger.request("bob", DATASET, 0, 0, "");
        final TransactionId request = ledger.last();
        for (final byte[] bytes : everyKind(publish, request)) {
            assertEquals(Optional.of(DATASET), ledger.rules.dataset(ledger.view(), ledger.context(key("owner")), bytes,
                0, bytes.length), "kind " + bytes[0]);
        }
        assertEquals(Optional.empty(), ledger.rules.dataset(ledger.view(), ledger.context(key("x")), new byte[] {9}, 0,
            1));
        final byte[] unknown = new Approve(new TransactionId(key("no"), 0)).encode();
        assertEquals(Optional.empty(),
            ledger.rules.dataset(ledger.view(), ledger.context(key("x")), unknown, 0, unknown.length));
    }

    @Test
    void noBytesMakeTheRulesThrow() {
        final Publish publish = Samples.publish("d", contract(1, new Rules(0, 0, 0, 3, false, 1, Parties.of("ann")),
            "bob"));
        publish(publish);
        ledger.request("bob", DATASET, 0, 0, "");
        final List<byte[]> kinds = everyKind(publish, ledger.last());
        final Random random = new Random(97);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = kinds.get(random.nextInt(kinds.size())).clone();
            for (int i = 0; i < random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(8) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            final Hash client = key(List.of("owner", "bob", "ann", "eve").get(random.nextInt(4)));
            final Result result = ledger.apply(client, bytes);
            assertTrue(result.detail().length() <= 512);
            assertNotNull(ledger.rules.dataset(ledger.view(), ledger.context(client), bytes, 0, bytes.length));
        }
        assertInvalid("unknown kind of transaction: 9", ledger.apply("bob", new byte[] {9, 1}));
        assertInvalid("malformed transaction: kind=4 bytes=1", ledger.apply("bob", new byte[] {4}));
    }

    private List<byte[]> everyKind(final Publish publish, final TransactionId request) {
        final Contract next = contract(2, new Rules(0, 0, 0, 2, true, 0, List.of()), "bob", "carol");
        final List<byte[]> all = new ArrayList<>(List.of(publish.encode(),
            new Grant(DATASET, 1, next, Samples.parts(next, "carol")).encode(),
            Revoke.of(DATASET, Set.of(key("bob"))).encode(), new Approve(request).encode()));
        all.add(new Request(DATASET, new ChunkRange(0, 3), "p", key("fresh 1"), "job").encode());
        all.add(evidence(DATASET, request, 1, Evidence.About.CHUNK, 0));
        return all;
    }

    private static byte[] evidence(final Hash dataset, final TransactionId request, final int replica,
                                   final Evidence.About about, final int position) {
        return new Evidence(dataset, request, replica, about,
            new SignedOpening(2, position, new byte[32], key("root"), new byte[64], new byte[100])).encode();
    }

    private Result approve(final String approver, final TransactionId request) {
        return ledger.apply(approver, new Approve(request).encode());
    }

    private Result grant(final Contract contract) {
        return ledger.apply("owner",
            new Grant(DATASET, contract.version() - 1, contract, Samples.parts(contract)).encode());
    }

    private Result publish(final Contract contract) {
        return publish(Samples.publish("d", contract));
    }

    private Result publish(final Publish publish) {
        return ledger.apply("owner", publish.encode());
    }

    private static Publish with(final Publish good, final Contract contract,
                                final List<SeekerPart> parts) {
        return new Publish(good.nonce(), good.dataset(), good.ownerBox(), good.blobs(), good.commitments(),
            good.shares(), contract, parts);
    }

    private static Contract contract(final int version, final Rules rules, final String... seekers) {
        return new Contract(version, List.of(new Clause(ChunkRange.all(10), Parties.of(seekers), rules)));
    }

    private static void assertInvalid(final String detail, final Result result) {
        assertEquals(Result.invalid(detail), result);
    }
}
