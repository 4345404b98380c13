package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.consensus.FourReplicas.GROUP;
import static org.ztp.consensus.FourReplicas.HASHING;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.wire.Hash;

/** Replica 0 of four; replica 1 leads the first view. */
class ReplicaCoreTest {
    private static final int LEADER = 1;

    private static ReplicaCore core(final Limits limits, final Recovered recovered) {
        return core(0, limits, recovered);
    }

    private static ReplicaCore core(final int self, final Limits limits, final Recovered recovered) {
        return new ReplicaCore(GROUP, self, limits, new SafetyRules(GROUP, self, message -> new byte[64],
            SafetyState.initial(Samples.CHAIN)), (replica, message, signature) -> true, HASHING, new Executor(null),
            recovered);
    }

    private static Limits limits(final int blockBytes, final int blockBytesMax, final long waitingBytes) {
        final Limits usual = Limits.defaults();
        return new Limits(blockBytes, blockBytesMax, usual.blockBatches(), usual.pipeline(), usual.heightsAhead(),
            usual.viewsAhead(), usual.pooledBytesPerPeer(), waitingBytes, usual.clockAheadMillis(), usual.viewTimeoutNs(),
            usual.viewTimeoutMaxNs(), usual.heartbeatNs(), usual.recentNs(), usual.retransmitNs(), usual.snapshotBehind());
    }

    private static ReplicaCore waiting(final int self, final long waitingBytes) {
        final Limits usual = Limits.defaults();
        return core(self, limits(usual.blockBytes(), usual.blockBytesMax(), waitingBytes),
            Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
    }

    private static List<Action> step(final ReplicaCore core, final long nowNs, final Event event) {
        final List<Action> actions = new ArrayList<>();
        core.step(nowNs, 1_000, event, actions);
        return actions;
    }

    private static long lastTicket(final List<Action> actions) {
        return actions.stream().filter(Action.Persist.class::isInstance).mapToLong(one -> ((Action.Persist) one).ticket())
            .max().orElse(0);
    }

    /** Gives it batches, which are good, while it takes them; the disk says nothing. How many bytes it took. */
    private static long give(final ReplicaCore core, final int seed, final int most, final List<Action> done) {
        long bytes = 0;
        for (int i = 0; i < most; i++) {
            final Batch batch = Samples.batch(Samples.small(1, seed + i, 1));
            final BatchRef ref = Samples.ref(batch);
            for (final Action action : step(core, 1, new Event.Received(3, new Message.BatchHere(ref, batch)))) {
                if (action instanceof Action.CheckBatch check) {
                    bytes += check.ref().bytes();
                    done.addAll(step(core, 1, new Event.BatchChecked(3, ref, batch, true)));
                }
            }
        }
        return bytes;
    }

    @Test
    void whoseDiskDoesNotKeepUpTakesNothingInUntilItHas() {
        final ReplicaCore core = waiting(0, 40_000);
        final List<Action> done = new ArrayList<>(step(core, 1, Event.Tick.TICK));
        final long taken = give(core, 0, 100, done);
        assertTrue(taken > 0 && taken <= 40_000, "took " + taken);
        assertEquals(0, give(core, 100, 3, done));
        final long later = 10 * Limits.defaults().heartbeatNs();
        step(core, later, new Event.Received(1, new Message.Status(1, 5_000, 0, 0, false, false)));
        step(core, later, new Event.Received(2, new Message.Status(1, 5_000, 0, 0, false, false)));
        assertFalse(step(core, later, Event.Tick.TICK).stream().anyMatch(ReplicaCoreTest::asksForBlocks));
        assertTrue(core.nextTickNs() > later, "it does not look again and again");
        step(core, later, new Event.Persisted(lastTicket(done)));
        assertTrue(step(core, later, Event.Tick.TICK).stream().anyMatch(ReplicaCoreTest::asksForBlocks));
        step(core, later, new Event.Received(1, new Message.Status(1, 0, 0, 0, false, false)));
        assertTrue(give(core, 200, 3, done) > 0);
    }

    /** Three of four make a quorum: this one and two more, of whom one may lie. */
    @Test
    void aStateIsRecentIfAQuorumHasNoMoreAndWasHeardALittleWhileAgo() {
        final Limits usual = Limits.defaults();
        final ReplicaCore core = core(usual, Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        assertFalse(core.isRecent(0, 1_000));
        step(core, 0, Event.Tick.TICK);
        tells(core, 0, 1, 0, 0, false);
        tells(core, 0, 2, 0, 0, false);
        assertFalse(core.isRecent(0, 1_000), "it has not said yet where it stands itself");
        final long beatNs = usual.heartbeatNs();
        step(core, beatNs, Event.Tick.TICK);
        assertTrue(core.isRecent(beatNs, 1_000));
        long nowNs = beatNs;
        while (nowNs < 2 * usual.recentNs()) {
            nowNs += beatNs;
            tells(core, nowNs, 1, 5, 0, false);
            tells(core, nowNs, 2, 0, 5, false);
            tells(core, nowNs, 3, 0, 0, true);
            step(core, nowNs, Event.Tick.TICK);
            assertEquals(nowNs <= usual.recentNs(), core.isRecent(nowNs, 1_000), "at " + nowNs);
        }
        tells(core, nowNs, 3, 0, 0, false);
        tells(core, nowNs, 2, 0, 0, false);
        assertTrue(core.isRecent(nowNs, 1_000));
    }

    private static void tells(final ReplicaCore core, final long nowNs, final int peer, final long finalHeight,
                              final long lock, final boolean mute) {
        step(core, nowNs, new Event.Received(peer, new Message.Status(1, finalHeight, 1, lock, mute, false)));
    }

    private static boolean asksForBlocks(final Action action) {
        return action instanceof Action.Send send && send.message() instanceof Message.WantFinal;
    }

    @Test
    void aLeaderWhoseDiskDoesNotKeepUpProposesNothingUntilItHas() {
        final ReplicaCore core = waiting(LEADER, 4_000);
        final Batch batch = Samples.batch(Samples.small(1, 1, 1));
        final List<Action> before = step(core, 1, new Event.BatchMade(Samples.ref(batch), batch));
        assertEquals(1, blocks(before));
        final ReplicaCore slow = waiting(LEADER, 0);
        final List<Action> nothing = step(slow, 1, Event.Tick.TICK);
        nothing.addAll(step(slow, 2, new Event.BatchMade(Samples.ref(batch), batch)));
        nothing.addAll(step(slow, 3, Event.Tick.TICK));
        assertEquals(0, blocks(nothing));
        final List<Action> after = step(slow, 4, new Event.Persisted(lastTicket(nothing)));
        after.addAll(step(slow, 5, Event.Tick.TICK));
        assertEquals(1, blocks(after));
    }

    private static long blocks(final List<Action> actions) {
        return actions.stream().filter(Action.Persist.class::isInstance)
            .flatMap(one -> ((Action.Persist) one).records().stream()).filter(Action.BlockEntry.class::isInstance).count();
    }

    @Test
    void aClockThatIsBehindTheLedgerOpensNothingThatIsOver() {
        final ReplicaCore core = core(Limits.defaults(), new Recovered(7, Hash.ZERO, 1, 1_000, Optional.empty(),
            BlockState.GENESIS, List.of(), List.of(), false));
        assertEquals(1_000, core.laterMillis(999));
        assertEquals(1_001, core.laterMillis(1_001));
    }

    @Test
    void blocksOfOthersMayBeAsLongAsTheGenesisAllowsWhateverIsSetForOnesOwn() {
        final Limits usual = Limits.defaults();
        final Limits limits = limits(1_000, 10_000, usual.waitingBytes());
        assertEquals(List.of(), faults(limits, 4_000));
        assertEquals(List.of(Action.Fault.Kind.BAD_PROPOSAL), faults(limits, 6_000));
    }

    @Test
    void whoIsFarBehindTakesNoBatchesInFlightButNotBecauseOneLiarSaysSo() {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final long far = Limits.defaults().heightsAhead() + 1;
        assertEquals(1, checksAfter(core, 1, far, 11));
        assertEquals(1, checksAfter(core, 2, far - 1, 12));
        assertEquals(0, checksAfter(core, 2, far, 13));
        assertEquals(1, checksAfter(core, 1, 3, 14));
    }

    /** How many batches are to be checked when a peer says where it is, and another then sends one. */
    private static long checksAfter(final ReplicaCore core, final int peer, final long height, final int seed) {
        final List<Action> actions = new ArrayList<>();
        final Batch batch = Samples.batch(Samples.small(1, seed, 1));
        core.step(seed, 1_000, new Event.Received(peer, new Message.Status(1, height, 0, 0, false, false)), actions);
        core.step(seed, 1_000, new Event.Received(3, new Message.BatchHere(Samples.ref(batch), batch)), actions);
        return actions.stream().filter(Action.CheckBatch.class::isInstance).count();
    }

    @Test
    void aBatchThatWasFinalIsTakenInAgainOnlyWhenSomethingInItWouldCountThatWasTooFarAhead() {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Batch early = Samples.batch(record(1_025));
        final Block first = makesFinal(core, 1, Samples.CHAIN, early);
        assertEquals(0, checks(core, early), "it is too far ahead still");
        final Batch late = Samples.batch(record(0));
        makesFinal(core, 2, first.hash(), late);
        assertEquals(0, checks(core, late), "it has counted");
        assertEquals(1, checks(core, early));
        step(core, 1, new Event.BatchChecked(3, Samples.ref(early), early, true));
        assertEquals(1, core.pooledBatches());
    }

    @Test
    void aBatchWithoutAnythingNewIsForTheLeaderAlone() {
        final ReplicaCore before = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Block block = makesFinal(before, 1, Samples.CHAIN, Samples.batch(record(0), record(1)));
        final Recovered recovered = new Recovered(1, block.hash(), 1, 1_000, Optional.empty(), before.finalState(),
            List.of(), List.of(), false);
        final ReplicaCore follower = core(0, Limits.defaults(), recovered);
        assertEquals(0, checks(follower, Samples.batch(record(0), record(1))), "final before it started again");
        assertEquals(0, checks(follower, Samples.batch(record(1))));
        assertEquals(1, checks(follower, Samples.batch(record(1), record(2))));
        assertEquals(1, checks(core(LEADER, Limits.defaults(), recovered), Samples.batch(record(1))));
    }

    @Test
    void whatItAloneWasGivenTheLeaderHasBeforeTheViewIsOutOfTime() {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Batch batch = Samples.batch(record(0));
        final BatchRef ref = Samples.ref(batch);
        step(core, 1, new Event.BatchChecked(3, ref, batch, true));
        final long timeoutNs = Limits.defaults().viewTimeoutNs();
        final List<Long> sentNs = new ArrayList<>();
        for (long nowNs = 1; nowNs < timeoutNs; nowNs += 25_000_000) {
            final List<Action> actions = step(core, nowNs, Event.Tick.TICK);
            if (actions.contains(new Action.Send(LEADER, new Message.BatchHere(ref, batch)))) {
                sentNs.add(nowNs);
            }
            assertEquals(List.of(), actions.stream().filter(Action.Fault.class::isInstance).toList());
        }
        assertTrue(sentNs.get(0) > timeoutNs / 3 && sentNs.get(0) < timeoutNs * 3 / 5, "sent at " + sentNs);
        assertTrue(sentNs.size() < 4, "sent at " + sentNs);
    }

    private static Bundle record(final long sequence) {
        return Samples.bundle(1, 1, sequence, new RecordTransaction("", "", new byte[] {1}).encode());
    }

    private static long checks(final ReplicaCore core, final Batch batch) {
        return step(core, 1, new Event.Received(3, new Message.BatchHere(Samples.ref(batch), batch))).stream()
            .filter(Action.CheckBatch.class::isInstance).count();
    }

    private static Certificate certificate(final Phase phase, final Block block) {
        return new Certificate(phase, 1, block.height(), block.hash(), List.of(1, 2, 3).stream()
            .map(replica -> new Certificate.Signature(replica, new byte[64])).toList());
    }

    private static List<Action> given(final ReplicaCore core, final FinalBlock block, final Certificate commit,
                                      final Block... above) {
        return step(core, 1, new Event.Received(2, new Message.FinalBlocks(List.of(block), Optional.of(new Finality(
            Stream.of(above).map(Block::header).toList(), commit)))));
    }

    @Test
    void aBlockIsTakenInWithNothingButHeadersUpToItsCertificate() {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Batch batch = Samples.batch(record(0));
        final Block first = Samples.block(1, Samples.CHAIN, core.finalState().digest(), batch);
        final Block second = Samples.block(2, first.hash(), Hash.ZERO);
        final Block third = Samples.block(3, second.hash(), Hash.ZERO);
        final Block stranger = Samples.block(2, Samples.CHAIN, Hash.ZERO);
        final FinalBlock bare = new FinalBlock(first, List.of(batch), Optional.empty());
        given(core, bare, certificate(Phase.PREPARE, third), second, third);
        given(core, bare, certificate(Phase.COMMIT, second), second, third);
        given(core, bare, certificate(Phase.COMMIT, stranger), stranger);
        given(core, bare, certificate(Phase.COMMIT, third), third);
        assertEquals(0, core.finalHeight());
        final List<Action> done = given(core, bare, certificate(Phase.COMMIT, third), second, third);
        assertEquals(1, core.finalHeight());
        assertEquals(first.hash(), core.finalBlock());
        assertEquals(List.of("BatchEntry", "BlockEntry"), recorded(done));
        final Block next = Samples.block(2, first.hash(), core.finalState().digest(), Samples.batch(record(1)));
        final Message last = new Message.FinalBlocks(List.of(new FinalBlock(next, List.of(Samples.batch(record(1))),
            Optional.of(certificate(Phase.COMMIT, next)))));
        assertEquals(List.of("BatchEntry", "BlockEntry", "CertificateEntry"),
            recorded(step(core, 1, new Event.Received(3, last))));
        assertEquals(2, core.finalHeight());
    }

    private static List<String> recorded(final List<Action> actions) {
        return actions.stream().filter(Action.Persist.class::isInstance)
            .flatMap(one -> ((Action.Persist) one).records().stream()).map(entry -> entry.getClass().getSimpleName())
            .toList();
    }

    private static Block makesFinal(final ReplicaCore core, final long height, final Hash parent, final Batch batch) {
        final Block block = Samples.block(height, parent, core.finalState().digest(), batch);
        step(core, 1, new Event.Received(2, new Message.FinalBlocks(List.of(new FinalBlock(block, List.of(batch),
            Optional.of(commit(block)))))));
        assertEquals(block.height(), core.finalHeight());
        return block;
    }

    private static Certificate commit(final Block block) {
        return new Certificate(Phase.COMMIT, 1, block.height(), block.hash(), List.of(1, 2, 3).stream()
            .map(replica -> new Certificate.Signature(replica, new byte[64])).toList());
    }

    /** In which millisecond a replica asked whom for final blocks. */
    private record Ask(long at, int peer) { }

    @Test
    void whoOnceToldOfBlocksThatNobodyHasChangesNothingAboutThePaceOfCatchingUp() {
        final List<Ask> usual = asks(List.of(Long.MIN_VALUE), 1_000);
        assertTrue(usual.size() > 50 && usual.size() < 400, "rests between " + usual.size() + " portions");
        assertEquals(usual, asks(List.of(Long.MAX_VALUE), 1_000));
    }

    @Test
    void whoTellsOfBlocksAndGivesNoneIsPassedOver() {
        final List<Ask> asks = asks(List.of(Long.MAX_VALUE, Long.MAX_VALUE), 5_000);
        assertTrue(asks.size() > 200, "asked " + asks.size() + " times");
        final long inVain = asks.stream().filter(ask -> ask.peer() == 3).count();
        assertTrue(inVain > 0 && inVain <= 8, "asked in vain " + inVain + " times");
    }

    /**
     * Whom a replica asks whose peers make a block each 5 ms and answer in 2: but replica 3 says something else first,
     * and if there is another word says that from then on, and never answers.
     */
    private static List<Ask> asks(final List<Long> words, final long milliseconds) {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final List<Ask> asks = new ArrayList<>();
        tells(core, 1, 3, words.get(0), 0, false);
        for (long now = 1; now < milliseconds; now++) {
            for (int peer = 1; peer < 4; peer++) {
                final long height = peer == 3 && words.size() > 1 ? words.get(1) : 5_000 + now / 5;
                happens(core, now, new Event.Received(peer, new Message.Status(1, height, 1, 0, false, false)), asks);
            }
            final Ask last = asks.isEmpty() ? new Ask(0, 0) : asks.get(asks.size() - 1);
            if (last.at() == now - 2 && (last.peer() < 3 || words.size() == 1)) {
                happens(core, now, new Event.Received(last.peer(), new Message.FinalBlocks(List.of(next(core)))), asks);
            }
            happens(core, now, Event.Tick.TICK, asks);
        }
        return asks;
    }

    /** Notes whom it asks then, and makes durable at once what it wants so. */
    private static void happens(final ReplicaCore core, final long now, final Event event, final List<Ask> asks) {
        final List<Action> actions = step(core, now * 1_000_000, event);
        actions.stream().filter(ReplicaCoreTest::asksForBlocks)
            .forEach(asked -> asks.add(new Ask(now, ((Action.Send) asked).to())));
        if (lastTicket(actions) > 0) {
            happens(core, now, new Event.Persisted(lastTicket(actions)), asks);
        }
    }

    private static FinalBlock next(final ReplicaCore core) {
        final Block block = Samples.block(core.finalHeight() + 1, core.finalBlock(), core.finalState().digest());
        return new FinalBlock(block, List.of(), Optional.of(commit(block)));
    }

    @Test
    void whatABlockNamesIsAskedOfItsLeaderBeforeTheViewIsOutOfTimeHoweverManyOthersThereAre() {
        final ReplicaCore core = core(Limits.defaults(), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Batch batch = Samples.batch(record(0));
        propose(core, Samples.ref(batch));
        final List<Integer> asked = new ArrayList<>();
        for (long nowNs = 1; nowNs < Limits.defaults().viewTimeoutNs(); nowNs += 25_000_000) {
            step(core, nowNs, Event.Tick.TICK).stream().filter(action -> action instanceof Action.Send send
                && send.message() instanceof Message.WantBatches).forEach(send -> asked.add(((Action.Send) send).to()));
        }
        assertEquals(List.of(LEADER, LEADER, 2, LEADER, 3), asked, "in turn, and every second time the leader");
    }

    /** Nobody may have anything here that no block names. */
    @Test
    void whatABlockNamesHasRoomWhateverItsSenderMayHaveButNothingElseOfItsRoot() {
        final ReplicaCore core = core(withPooledBytesPerPeer(0), Recovered.blank(Samples.CHAIN, BlockState.GENESIS));
        final Batch honest = Samples.batch(Samples.small(1, 1, 1));
        final Batch larger = Samples.batch(Samples.small(1, 2, 1));
        final BatchRef ref = Samples.ref(larger);
        propose(core, Samples.ref(honest),
            new BatchRef(ref.root(), ref.bundles(), ref.transactions(), ref.bytes() - 1));
        assertEquals(0, checks(core, larger), "as large as the block says, it would be another one");
        assertEquals(1, checks(core, honest));
    }

    private static Limits withPooledBytesPerPeer(final long bytes) {
        final Limits usual = Limits.defaults();
        return new Limits(usual.blockBytes(), usual.blockBytesMax(), usual.blockBatches(), usual.pipeline(),
            usual.heightsAhead(), usual.viewsAhead(), bytes, usual.waitingBytes(), usual.clockAheadMillis(),
            usual.viewTimeoutNs(), usual.viewTimeoutMaxNs(), usual.heartbeatNs(), usual.recentNs(),
            usual.retransmitNs(), usual.snapshotBehind());
    }

    private static List<Action.Fault.Kind> faults(final Limits limits, final int batchBytes) {
        return propose(core(limits, Recovered.blank(Samples.CHAIN, BlockState.GENESIS)),
            new BatchRef(Hash.sha256(new byte[] {1}), 1, 1, batchBytes),
            new BatchRef(Hash.sha256(new byte[] {2}), 1, 1, batchBytes)).stream().filter(Action.Fault.class::isInstance)
            .map(fault -> ((Action.Fault) fault).kind()).toList();
    }

    /** Replica 1 proposes the first block, of such batches of a transaction each. */
    private static List<Action> propose(final ReplicaCore core, final BatchRef... batches) {
        final List<BatchRef> refs = List.of(batches);
        final Block block = Block.of(new BlockHeader(0, LEADER, 1, 1, 1_000, Samples.CHAIN, Samples.CHAIN,
            BlockRoot.of(refs), BlockState.GENESIS.digest(), 0, Hash.ZERO, refs.size(), refs.size()), refs);
        return step(core, 1, new Event.Received(LEADER, new Message.Proposed(new Proposal(block,
            Certificate.genesis(Samples.CHAIN), Optional.empty(), new byte[64]))));
    }
}
