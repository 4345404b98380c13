package org.ztp.consensus.vote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Group;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Root;
import org.ztp.wire.Hash;

/** What counts, and what may be voted for, on a chain that is built on a block instead of its genesis. */
final class RootedVotesTest {
    private static final Hash CHAIN = hash(0);
    private static final Root ROOT = Root.anew(7, hash(7), 3);
    private static final Group GROUP = new Group(CHAIN, 0, List.of(0, 1, 2, 3));

    private static Hash hash(final int number) {
        return Hash.sha256(new byte[] {(byte) number});
    }

    private static Certificate votes(final Phase phase, final long view, final long height) {
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (int replica = 0; replica < 3; replica++) {
            votes.add(new Certificate.Signature(replica, new byte[Certificate.Signature.BYTES]));
        }
        return new Certificate(phase, view, height, hash((int) height), votes);
    }

    private static boolean counts(final Group group, final Certificate certificate) {
        return new CertificateCheck(group, (replica, message, signature) -> true).check(certificate).isPresent();
    }

    @Test
    void theRootIsNumberedByItsFirstView() {
        assertEquals(3L << 40, ROOT.firstView());
        assertEquals(3, ROOT.number());
        assertEquals(0, Root.genesis(CHAIN).number());
        assertEquals(Certificate.genesis(CHAIN), Root.genesis(CHAIN).certificate());
        assertEquals(Certificate.genesis(CHAIN), Root.anew(0, CHAIN, 1).certificate());
    }

    @Test
    void votesOfBeforeTheRootDecideNothingAboveIt() {
        for (final Phase phase : Phase.values()) {
            assertTrue(counts(GROUP, votes(phase, ROOT.firstView() - 1, 8)), "what would have counted");
            assertFalse(counts(GROUP.on(ROOT), votes(phase, ROOT.firstView() - 1, 8)));
            assertTrue(counts(GROUP.on(ROOT), votes(phase, ROOT.firstView() - 1, 7)));
            assertTrue(counts(GROUP.on(ROOT), votes(phase, ROOT.firstView(), 8)));
        }
    }

    @Test
    void aSecondRootLeavesTheFirstInForceBelowIt() {
        final Group twice = GROUP.on(Root.anew(9, hash(9), 4).on(ROOT));
        assertFalse(counts(twice, votes(Phase.COMMIT, ROOT.firstView() - 1, 8)), "lost at the first");
        assertTrue(counts(twice, votes(Phase.COMMIT, ROOT.firstView(), 8)));
        assertFalse(counts(twice, votes(Phase.COMMIT, ROOT.firstView(), 10)), "lost at the second");
        final Group lower = GROUP.on(Root.anew(6, hash(6), 4).on(ROOT));
        assertFalse(counts(lower, votes(Phase.COMMIT, ROOT.firstView(), 7)));
        assertTrue(counts(lower, new Certificate(Phase.COMMIT, 4L << 40, 7, hash(5), votes(Phase.COMMIT, 1, 7).votes())),
            "the first root is lost itself");
    }

    @Test
    void noOtherBlockOfTheRootsHeightCounts() {
        final Certificate other = new Certificate(Phase.COMMIT, 9, 7, hash(5), votes(Phase.COMMIT, 9, 7).votes());
        assertTrue(counts(GROUP, other));
        assertFalse(counts(GROUP.on(ROOT), other));
        assertFalse(counts(GROUP.on(Root.anew(9, hash(9), 4).on(ROOT)), other));
    }

    @Test
    void nobodyVotesOnTheRootAndNoOtherBlockIsOne() {
        assertTrue(counts(GROUP.on(ROOT), ROOT.certificate()));
        assertFalse(counts(GROUP, ROOT.certificate()));
        assertFalse(counts(GROUP.on(ROOT), Root.anew(7, hash(6), 3).certificate()));
        assertFalse(counts(GROUP.on(ROOT), Root.anew(7, hash(7), 2).certificate()));
        assertFalse(counts(GROUP.on(ROOT), new Certificate(Phase.COMMIT, ROOT.firstView(), 8, hash(8), List.of())));
    }

    @Test
    void theFirstViewOpensOnTheRootAndOnNothingElse() {
        assertTrue(vote(ROOT.firstView(), ROOT.certificate()).isPresent());
        assertFalse(vote(ROOT.firstView(), votes(Phase.PREPARE, 9, 7)).isPresent());
        assertFalse(vote(ROOT.firstView(), Certificate.genesis(CHAIN)).isPresent());
        assertFalse(vote(ROOT.firstView() + 1, ROOT.certificate()).isPresent());
    }

    private static Optional<byte[]> vote(final long view, final Certificate justify) {
        final SafetyRules rules = new SafetyRules(GROUP.on(ROOT), 1, message -> new byte[64],
            SafetyState.initial(ROOT).reborn());
        rules.enter(view, Optional.empty());
        final Block block = Block.of(new BlockHeader(0, GROUP.leader(view), justify.height() + 1, view, 1, CHAIN,
            justify.block(), hash(1), hash(2), 0, Hash.ZERO, 0, 0), List.of(), Optional.empty());
        return rules.prepare(new Proposal(block, justify, Optional.empty(), new byte[64]));
    }
}
