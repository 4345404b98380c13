package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Action.SnapshotTaken;
import org.ztp.consensus.Message.SnapshotHere;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.WantFinal;
import org.ztp.consensus.Message.WantSnapshot;
import org.ztp.consensus.Message.WantState;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.StateChanges;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;
import org.ztp.wire.Hash;

/** Replica 0 of four, which goes to a snapshot when it is more than 10,000 blocks behind. */
final class StateTransferTest {
    private static final Group GROUP = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3));
    private static final long HEIGHT = 30_000;
    private static final StateTree STATE = StateTree.EMPTY.with(new StateChanges(List.of(
        StateChanges.put(new byte[] {1}, new byte[] {2}), StateChanges.put(new byte[] {3}, new byte[500]))));

    private long nowNs = 1;
    private ReplicaCore core = core(0, false);

    /** A signature is good if it begins with a zero. */
    private static ReplicaCore core(final long height, final boolean gap) {
        return new ReplicaCore(GROUP, 0, Limits.defaults(), new SafetyRules(GROUP, 0, message -> new byte[64],
            SafetyState.initial(Samples.CHAIN)), (replica, message, signature) -> signature[0] == 0,
            new ThreadHashing(Samples.CHAIN), new Executor(null), new Recovered(height, Hash.ZERO, 1, 1, Optional.empty(),
                BlockState.GENESIS, List.of(), List.of(), gap));
    }

    private List<Action> step(final Event event) {
        final List<Action> actions = new ArrayList<>();
        core.step(nowNs, 1_000, event, actions);
        return actions;
    }

    private List<Action> said(final int from, final Message message) {
        return step(new Event.Received(from, message));
    }

    private void status(final int from, final long height, final boolean gap) {
        said(from, new Message.Status(1, height, 0, 0, false, gap));
    }

    /** To whom it says a message of a kind, when so many nanoseconds have passed. */
    private List<Integer> asks(final Class<?> kind, final long laterNs) {
        nowNs += laterNs;
        return to(kind, step(new Event.Tick()));
    }

    private static List<Integer> to(final Class<?> kind, final List<Action> actions) {
        return actions.stream().filter(Action.Send.class::isInstance).map(Action.Send.class::cast)
            .filter(send -> kind.isInstance(send.message())).map(Action.Send::to).toList();
    }

    private static List<Kind> faults(final List<Action> actions) {
        return actions.stream().filter(Action.Fault.class::isInstance).map(action -> ((Action.Fault) action).kind()).toList();
    }

    /** What of a snapshot is given to whom. */
    private static List<Action> given(final List<Action> actions) {
        return actions.stream().filter(action -> action instanceof Action.SendSnapshot
            || action instanceof Action.SendState).toList();
    }

    private static SnapshotHead head(final long height, final StateTree state, final int signature) {
        final Block block = Samples.block(height, Hash.ZERO, StateTree.EMPTY.digest());
        final Block above = Samples.block(height + 1, block.hash(), state.digest());
        final byte[] vote = new byte[64];
        vote[0] = (byte) signature;
        final List<Certificate.Signature> votes = new ArrayList<>();
        List.of(1, 2, 3).forEach(replica -> votes.add(new Certificate.Signature(replica, vote)));
        return new SnapshotHead(block.header(), Optional.empty(), new Finality(List.of(above.header()),
            new Certificate(Phase.COMMIT, height + 1, height + 1, above.hash(), votes)));
    }

    private void farBehind() {
        for (int peer = 1; peer <= 3; peer++) {
            status(peer, HEIGHT, false);
        }
    }

    @Test
    void whoIsFarBehindTakesACertifiedStatePageByPage() {
        farBehind();
        assertEquals(List.of(1), asks(WantSnapshot.class, 1));
        assertEquals(List.of(1), to(WantState.class, said(1, new SnapshotHere(head(HEIGHT, STATE, 0)))));
        assertEquals(List.of(), said(1, new StateHere(Hash.ZERO, StatePath.ROOT, new byte[0])), "of another state");
        assertEquals(List.of(), said(2, new StateHere(STATE.digest(), StatePath.ROOT, new byte[0])), "from another peer");
        final List<Action> taken = said(1, new StateHere(STATE.digest(), StatePath.ROOT,
            STATE.page(StatePath.ROOT, 1 << 20).orElseThrow()));
        assertEquals(STATE.digest(), ((SnapshotTaken) taken.get(0)).state().digest());
        assertEquals(List.of(), asks(WantSnapshot.class, 60_000_000_000L), "once is enough");
    }

    /** Whoever repeats a certificate that is known may say it with votes that are none; so what is kept is what was checked. */
    @Test
    void aCertificateIsKeptAsItWasCheckedWhateverVotesItComesWith() {
        farBehind();
        asks(WantSnapshot.class, 1);
        said(2, new Message.Certified(head(HEIGHT, STATE, 0).above().certificate()));
        said(1, new SnapshotHere(head(HEIGHT, STATE, 1)));
        final SnapshotTaken taken = (SnapshotTaken) said(1, new StateHere(STATE.digest(), StatePath.ROOT,
            STATE.page(StatePath.ROOT, 1 << 20).orElseThrow())).get(0);
        assertTrue(taken.head().above().certificate().votes().stream().allMatch(vote -> vote.bytes()[0] == 0));

        core = core(0, false);
        final Block first = Samples.block(1, Hash.ZERO, BlockState.GENESIS.digest());
        final List<Certificate.Signature> good = new ArrayList<>();
        final List<Certificate.Signature> bad = new ArrayList<>();
        final byte[] vote = new byte[64];
        vote[0] = 1;
        for (int replica = 1; replica <= 3; replica++) {
            good.add(new Certificate.Signature(replica, new byte[64]));
            bad.add(new Certificate.Signature(replica, vote));
        }
        said(1, new Message.Certified(new Certificate(Phase.COMMIT, 1, 1, first.hash(), good)));
        final List<Action> actions = said(2, new Message.FinalBlocks(List.of(new FinalBlock(first, List.of(),
            Optional.of(new Certificate(Phase.COMMIT, 1, 1, first.hash(), bad))))));
        final Action.Finalized told = (Action.Finalized) actions.stream().filter(Action.Finalized.class::isInstance)
            .findFirst().orElseThrow();
        assertTrue(told.block().certificate().orElseThrow().votes().stream().allMatch(one -> one.bytes()[0] == 0));
    }

    @Test
    void aSnapshotThatCouldNotBeMadeDurableIsTakenAgainAfterAWhile() {
        farBehind();
        asks(WantSnapshot.class, 1);
        said(1, new SnapshotHere(head(HEIGHT, STATE, 0)));
        said(1, new StateHere(STATE.digest(), StatePath.ROOT, STATE.page(StatePath.ROOT, 1 << 20).orElseThrow()));
        step(new Event.SnapshotLost());
        assertEquals(1, asks(WantFinal.class, 1_000_000_000L).size(), "blocks meanwhile");
        assertEquals(List.of(), asks(WantSnapshot.class, 8_000_000_000L));
        assertEquals(List.of(2), asks(WantSnapshot.class, 1_000_000_000L));
        said(2, new SnapshotHere(head(HEIGHT, STATE, 0)));
        final List<Action> taken = said(2, new StateHere(STATE.digest(), StatePath.ROOT,
            STATE.page(StatePath.ROOT, 1 << 20).orElseThrow()));
        assertEquals(STATE.digest(), ((SnapshotTaken) taken.get(0)).state().digest());
    }

    @Test
    void oneLiarAloneMakesNobodyFarBehind() {
        status(1, Long.MAX_VALUE, false);
        status(2, 10, false);
        status(3, 10, false);
        assertEquals(List.of(), asks(WantSnapshot.class, 1));
    }

    @Test
    void whoGivesWhatIsNotCertifiedOrNotOfTheStateIsAccusedAndGivenUp() {
        farBehind();
        asks(WantSnapshot.class, 1);
        final List<Action> forged = said(1, new SnapshotHere(head(HEIGHT, STATE, 1)));
        assertEquals(List.of(Kind.BAD_STATE), faults(forged));
        assertEquals(List.of(2), to(WantSnapshot.class, forged));
        said(2, new SnapshotHere(head(HEIGHT, STATE, 0)));
        final List<Action> wrong = said(2, new StateHere(STATE.digest(), StatePath.ROOT,
            StateTree.EMPTY.with(new StateChanges(List.of(StateChanges.put(new byte[] {1}, new byte[] {2}))))
                .page(StatePath.ROOT, 1 << 20).orElseThrow()));
        assertEquals(List.of(Kind.BAD_STATE), faults(wrong));
        assertEquals(List.of(3), to(WantSnapshot.class, wrong));
    }

    @Test
    void whoGivesNothingOrSomethingOldIsGivenUpWithoutAWord() {
        farBehind();
        asks(WantSnapshot.class, 1);
        assertEquals(List.of(1), asks(WantSnapshot.class, 1_000_000_000L), "it may have been lost");
        assertEquals(List.of(2), asks(WantSnapshot.class, 1_000_000_000L));
        final List<Action> old = said(2, new SnapshotHere(head(HEIGHT - 10_001, STATE, 0)));
        assertEquals(List.of(), faults(old));
        assertEquals(List.of(3), to(WantSnapshot.class, old));
        assertEquals(List.of(), to(WantState.class, said(2, new SnapshotHere(head(HEIGHT, STATE, 0)))), "too late");
    }

    @Test
    void peersThatAllHaveSomethingOldAreNotAskedAsFastAsTheyAnswer() {
        farBehind();
        asks(WantSnapshot.class, 1);
        final Message old = new SnapshotHere(head(HEIGHT - 10_001, STATE, 0));
        assertEquals(List.of(2), to(WantSnapshot.class, said(1, old)));
        assertEquals(List.of(3), to(WantSnapshot.class, said(2, old)));
        assertEquals(List.of(1), to(WantSnapshot.class, said(3, old)));
        assertEquals(List.of(), to(WantSnapshot.class, said(1, old)), "a rest after a round");
        assertEquals(List.of(), asks(WantSnapshot.class, 190_000_000L), "a rest after a round");
        assertEquals(List.of(2), asks(WantSnapshot.class, 10_000_000L));
    }

    @Test
    void blocksAreAskedForOnlyWhenAllPeersWereAskedForASnapshotInVain() {
        farBehind();
        assertEquals(List.of(), asks(Message.WantFinal.class, 1));
        boolean blocks = false;
        for (int i = 0; i < 20 && !blocks; i++) {
            blocks = !asks(Message.WantFinal.class, 2_000_000_000L).isEmpty();
        }
        assertTrue(blocks);
    }

    @Test
    void nobodyTakesASnapshotWhileFOthersHaveAGap() {
        farBehind();
        status(3, HEIGHT, true);
        assertEquals(List.of(), asks(WantSnapshot.class, 1));
        status(3, HEIGHT, false);
        assertEquals(List.of(1), asks(WantSnapshot.class, 1));
    }

    @Test
    void whoWasNotHeardOfCountsAsOneWithAGap() {
        status(1, HEIGHT, false);
        status(2, HEIGHT, false);
        assertEquals(List.of(), asks(WantSnapshot.class, 1));
        core = core(HEIGHT, false);
        status(1, 5, false);
        status(2, HEIGHT, false);
        assertEquals(List.of(), given(said(1, new WantSnapshot())));
        status(3, HEIGHT, false);
        assertEquals(List.of(new Action.SendSnapshot(1)), given(said(1, new WantSnapshot())));
    }

    @Test
    void whoHasAGapTakesNoOtherSnapshotAndGivesNone() {
        core = core(0, true);
        farBehind();
        assertEquals(List.of(), asks(WantSnapshot.class, 1));
        core = core(HEIGHT, true);
        assertEquals(List.of(), given(said(1, new WantSnapshot())));
        assertEquals(List.of(), given(said(1, new WantState(STATE.digest(), StatePath.ROOT))));
    }

    @Test
    void aSnapshotIsGivenToFMembersAtATime() {
        core = core(HEIGHT, false);
        status(1, 5, false);
        status(2, 5, false);
        status(3, HEIGHT, false);
        assertEquals(List.of(new Action.SendSnapshot(1)), given(said(1, new WantSnapshot())));
        assertEquals(List.of(), given(said(2, new WantSnapshot())), "1 comes first");
        status(1, HEIGHT, true);
        assertEquals(List.of(), given(said(2, new WantSnapshot())), "1 has a gap");
        status(1, HEIGHT, false);
        assertEquals(List.of(new Action.SendSnapshot(2)), given(said(2, new WantSnapshot())));
        status(1, 5, false);
        nowNs += 2_000_000_000L;
        assertEquals(List.of(new Action.SendSnapshot(2)), given(said(2, new WantSnapshot())), "1 is not heard of any more");
    }
}
