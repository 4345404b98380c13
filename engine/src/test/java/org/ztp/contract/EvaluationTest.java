package org.ztp.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.contract.Parties.key;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ztp.contract.Decision.Status;

class EvaluationTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final ChunkRange LOW = new ChunkRange(0, 4);

    @Test
    void aSeekerWithoutRulesIsAllowed() {
        final Decision decision = decide(contract(Rules.NONE), "bob", LOW, "", 0);
        assertEquals(new Decision(Status.ALLOWED, "allowed (contract version 2, chunks 0-4)"), decision);
    }

    @Test
    void whoIsNotNamedIsDenied() {
        assertDenied("denied by rule seekers: " + key("eve").brief()
            + " is not one of 1 (contract version 2, chunks 0-99)",
            decide(contract(Rules.NONE), "eve", LOW, "", 0));
        assertEquals(Status.DENIED, decide(new Contract(1, List.of(new Clause(ChunkRange.all(9), List.of(),
            Rules.NONE))),
            "bob", LOW, "", 0).status());
    }

    @Test
    void chunksBeyondTheDatasetAreDenied() {
        assertDenied("denied by rule range: asked=99-100 the dataset has chunks 0-99 (contract version 2)",
            decide(contract(Rules.NONE), "bob", new ChunkRange(99, 100), "", 0));
        assertEquals(Status.DENIED, decide(contract(Rules.NONE), "bob", new ChunkRange(3, 2), "", 0).status());
        assertEquals(Status.DENIED, decide(contract(Rules.NONE), "bob", new ChunkRange(-1, 2), "", 0).status());
    }

    @Test
    void timesAreInclusive() {
        final Contract window = contract(new Rules(NOW, NOW + 1, 0, 0, false, 0, List.of()));
        assertEquals(Status.DENIED, decideAt(window, NOW - 1).status());
        assertEquals(Status.ALLOWED, decideAt(window, NOW).status());
        assertEquals(Status.ALLOWED, decideAt(window, NOW + 1).status());
        assertDenied("denied by rule not-after: limit=2026-01-01T00:00:00.001Z time=2026-01-01T00:00:00.002Z"
            + " (contract version 2, chunks 0-99)", decideAt(window, NOW + 2));
        assertTrue(decideAt(window, 0).reason().startsWith("denied by rule not-before: "));
    }

    @Test
    void anEmbargoEndsAtItsInstant() {
        final Contract embargo = contract(new Rules(0, 0, NOW, 0, false, 0, List.of()));
        assertTrue(decideAt(embargo, NOW - 1).reason().startsWith("denied by rule embargo-until: "));
        assertEquals(Status.ALLOWED, decideAt(embargo, NOW).status());
    }

    @Test
    void aBlankPurposeIsNone() {
        final Contract purpose = contract(new Rules(0, 0, 0, 0, true, 0, List.of()));
        assertDenied("denied by rule purpose: none given (contract version 2, chunks 0-99)",
            decide(purpose, "bob", LOW, " ", 0));
        assertEquals(Status.ALLOWED, decide(purpose, "bob", LOW, "study", 0).status());
    }

    @Test
    void requestsAreCounted() {
        final Contract twice = contract(new Rules(0, 0, 0, 2, false, 0, List.of()));
        assertEquals(Status.ALLOWED, decide(twice, "bob", LOW, "", 1).status());
        assertDenied("denied by rule max-requests: 2 of 2 used (contract version 2, chunks 0-99)",
            decide(twice, "bob", LOW, "", 2));
    }

    @Test
    void requestsAreCountedForTheChunksOfEachEntryByThemselves() {
        final Rules once = new Rules(0, 0, 0, 1, false, 0, List.of());
        final ChunkRange entry = new ChunkRange(0, 49);
        final Contract contract = new Contract(2, List.of(new Clause(ChunkRange.all(100), Parties.of("bob"), once),
            new Clause(entry, Parties.of("bob", "carol"), once)));
        final Facts inEntry = new Facts(key("bob"), LOW, "", NOW, range -> range.equals(entry) ? 1 : 0, Set.of());
        assertDenied("denied by rule max-requests: 1 of 1 used (contract version 2, chunks 0-49)",
            Evaluation.decide(contract, inEntry));
        assertEquals(Status.ALLOWED, Evaluation.decide(contract, new Facts(key("bob"), new ChunkRange(50, 99), "", NOW,
            inEntry.used(), Set.of())).status());
    }

    @Test
    void approvalsOfListedApproversCount() {
        final Contract approved = contract(new Rules(0, 0, 0, 0, false, 2, Parties.of("ann", "ben", "cem")));
        assertEquals(new Decision(Status.PENDING,
            "pending by rule approvals: 1 of 2 given (contract version 2, chunks 0-99)"),
            decide(approved, "bob", LOW, "", 0, "ann", "eve"));
        assertEquals(Status.ALLOWED, decide(approved, "bob", LOW, "", 0, "ann", "cem").status());
    }

    @Test
    void aClauseForARangeReplacesTheFirst() {
        final Contract contract = new Contract(1, List.of(
            new Clause(ChunkRange.all(10), Parties.of("bob"), new Rules(0, 0, 0, 0, true, 0, List.of())),
            new Clause(new ChunkRange(2, 3), Parties.of("carol"), Rules.NONE),
            new Clause(new ChunkRange(4, 4), Parties.of("bob", "carol"), Rules.NONE)));
        assertEquals(Status.ALLOWED, decide(contract, "carol", new ChunkRange(2, 4), "", 0).status());
        assertEquals(Status.ALLOWED, decide(contract, "bob", new ChunkRange(4, 4), "", 0).status());
        assertDenied("denied by rule purpose: none given (contract version 1, chunks 0-9)",
            decide(contract, "bob", new ChunkRange(4, 5), "", 0));
        assertDenied("denied by rule seekers: " + key("bob").brief()
            + " is not one of 1 (contract version 1, chunks 2-3)",
            decide(contract, "bob", new ChunkRange(1, 5), "x", 0));
        assertEquals(List.of(new ChunkRange(0, 1), new ChunkRange(4, 9)), contract.rangesOf(key("bob")));
        assertEquals(List.of(new ChunkRange(2, 4)), contract.rangesOf(key("carol")));
        assertEquals(List.of(), contract.rangesOf(key("eve")));
    }

    @Test
    void aBrokenRuleOutweighsMissingApprovals() {
        final Contract contract = new Contract(1, List.of(
            new Clause(ChunkRange.all(10), Parties.of("bob"), new Rules(0, 0, 0, 0, false, 1, Parties.of("ann"))),
            new Clause(new ChunkRange(5, 9), Parties.of("carol"), Rules.NONE)));
        assertEquals(Status.PENDING, decide(contract, "bob", new ChunkRange(0, 4), "", 0).status());
        assertEquals(Status.DENIED, decide(contract, "bob", new ChunkRange(0, 5), "", 0).status());
    }

    @Test
    void aReleaseClosesWithTheContract() {
        final Contract contract = contract(new Rules(0, NOW, 0, 1, true, 1, Parties.of("ann")));
        assertEquals(Optional.empty(), Evaluation.closed(contract, key("bob"), LOW, NOW));
        assertTrue(Evaluation.closed(contract, key("bob"), LOW, NOW + 1).orElseThrow().startsWith("not-after: "));
        assertTrue(Evaluation.closed(contract, key("eve"), LOW, NOW).orElseThrow().startsWith("seekers: "));
        assertTrue(Evaluation.closed(contract, key("bob"), new ChunkRange(0, 100),
            NOW).orElseThrow().startsWith("range: "));
        final Contract revoked = contract.revoking(Set.of(key("bob")));
        assertEquals(3, revoked.version());
        assertTrue(Evaluation.closed(revoked, key("bob"), LOW, NOW).isPresent());
        assertTrue(Evaluation.closed(revoked.granting(Parties.of("bob")), key("bob"), LOW, NOW).isEmpty());
    }

    private static Contract contract(final Rules rules) {
        return new Contract(2, List.of(new Clause(ChunkRange.all(100), Parties.of("bob"), rules)));
    }

    private static Decision decideAt(final Contract contract, final long timeMillis) {
        return Evaluation.decide(contract, new Facts(key("bob"), LOW, "", timeMillis, range -> 0, Set.of()));
    }

    private static Decision decide(final Contract contract, final String seeker, final ChunkRange chunks,
                                   final String purpose, final int used, final String... approvals) {
        return Evaluation.decide(contract, new Facts(key(seeker), chunks, purpose, NOW, range -> used,
            Stream.of(approvals).map(Parties::key).collect(Collectors.toSet())));
    }

    private static void assertDenied(final String reason, final Decision decision) {
        assertEquals(new Decision(Status.DENIED, reason), decision);
    }
}
