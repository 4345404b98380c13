package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.ThreadHashing;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.ledger.state.Executor;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** The first of three sub-clusters, whose replicas get epochs and talk without delay: what they vote for. */
final class EpochVotingTest {
    private static final int LEADER = 1;

    private final List<Voters> voters = SampleEpochs.voters(3);
    private final Group group = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3));
    private final SimulatedKeys keys = new SimulatedKeys(1);
    private final ThreadHashing hashing = new ThreadHashing(Samples.CHAIN);
    private final StateMachine machine = new Executor(SimulatedRecords.RULES);
    private final List<ReplicaCore> cores = new ArrayList<>();
    private final List<List<FinalBlock>> finals = new ArrayList<>();
    private final List<Action.Fault> faults = new ArrayList<>();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private Altering altering = (to, message) -> message;
    private long nowNs;
    private long sequence;

    /** What a faulty sender makes of a message. */
    private interface Altering {
        Message of(int to, Message message);
    }

    EpochVotingTest() {
        for (int i = 0; i < 4; i++) {
            final SafetyState state = SafetyState.initial(Samples.CHAIN).reborn();
            cores.add(new ReplicaCore(group, i, Limits.defaults(), new SafetyRules(group, i, keys.signer(i), state),
                keys, hashing, machine, Recovered.blank(Samples.CHAIN, machine.genesis()), voters));
            finals.add(new ArrayList<>());
        }
    }

    private void step(final int replica, final Event event) {
        final List<Action> actions = new ArrayList<>();
        cores.get(replica).step(nowNs, 1_000, event, actions);
        for (final Action action : actions) {
            if (action instanceof Action.Send send) {
                send(replica, send.to(), send.message());
            } else if (action instanceof Action.Broadcast broadcast) {
                group.members().stream().filter(to -> to != replica)
                    .forEach(to -> send(replica, to, broadcast.message()));
            } else if (action instanceof Action.Persist persist) {
                queue.add(() -> step(replica, new Event.Persisted(persist.ticket())));
            } else if (action instanceof Action.CheckBatch check) {
                hashing.identify(check.batch());
                queue.add(() -> step(replica, new Event.BatchChecked(check.from(), check.ref(), check.batch(), true)));
            } else if (action instanceof Action.Finalized said) {
                finals.get(replica).add(said.block());
            } else if (action instanceof Action.SendFinal wanted) {
                send(replica, wanted.to(), new Message.FinalBlocks(List.copyOf(
                    finals.get(replica).subList((int) wanted.fromHeight() - 1, finals.get(replica).size()))));
            } else if (action instanceof Action.Fault fault) {
                faults.add(fault);
            }
        }
    }

    private void send(final int from, final int to, final Message message) {
        final WireWriter out = new WireWriter();
        MessageCodec.encode(altering.of(to, message), out);
        queue.add(() -> step(to, new Event.Received(from,
            MessageCodec.decode(out.array(), 0, out.size()).orElseThrow())));
    }

    private void settle() {
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
    }

    /** Time passes, so that what is missing is asked for. */
    private void pass(final int ticks) {
        for (int i = 0; i < ticks; i++) {
            nowNs += 50_000_000;
            group.members().forEach(replica -> step(replica, new Event.Tick()));
            settle();
        }
    }

    private void know(final Epoch epoch) {
        group.members().forEach(replica -> step(replica, new Event.EpochMade(-1, epoch)));
    }

    /** One bundle becomes final; the block that holds it. */
    private Block append() {
        final int height = finals.get(LEADER).size();
        submit();
        assertEquals(height + 1, finals.get(LEADER).size());
        return finals.get(LEADER).get(height).block();
    }

    private void submit() {
        final BundleBuilder builder = new BundleBuilder(Samples.CHAIN, Samples.client(1), Samples.submission(1),
            message -> new byte[64]);
        builder.add(new byte[] {9}, 0, 1);
        final Bundle bundle = builder.seal(sequence++);
        final BatchBuilder batches = new BatchBuilder(1 << 16);
        batches.add(bundle);
        final Batch batch = batches.build();
        step(LEADER, new Event.BatchMade(hashing.identify(batch).orElseThrow(), batch));
        settle();
    }

    private static Epoch epoch(final long other, final long another) {
        return Epoch.of(Samples.CHAIN, List.of(SampleEpochs.head(0, 0), SampleEpochs.head(1, other),
            SampleEpochs.head(2, another))).orElseThrow();
    }

    @Test
    void theNextBlockHoldsTheNewestEpochAndLaterOnesNameIt() {
        assertEquals(0, append().header().epoch());
        know(epoch(3, 1));
        know(epoch(4, 1));
        final Block first = append();
        assertEquals(epoch(4, 1).root(), first.epoch().orElseThrow().root());
        final Block second = append();
        assertTrue(second.epoch().isEmpty());
        assertEquals(epoch(4, 1).root(), second.header().epochRoot());
        know(epoch(3, 2));
        assertEquals(5, append().header().epoch(), "no newer number");
        know(epoch(2, 9));
        assertEquals(5, append().header().epoch(), "a head would go back");
        know(epoch(4, 9));
        assertEquals(13, append().header().epoch());
        assertTrue(faults.isEmpty(), faults.toString());
        finals.forEach(chain -> assertEquals(hashes(finals.get(0)), hashes(chain)));
    }

    private static List<Hash> hashes(final List<FinalBlock> chain) {
        return chain.stream().map(block -> block.block().hash()).toList();
    }

    private static boolean isVotedFor(final List<Action> actions) {
        return actions.stream().anyMatch(action -> action instanceof Action.Persist persist
            && persist.records().stream().anyMatch(Action.BlockEntry.class::isInstance));
    }

    @Test
    void anEpochMakesNoBlockByItself() {
        know(epoch(3, 1));
        settle();
        pass(100);
        assertTrue(finals.get(0).isEmpty());
    }

    @Test
    void anEpochWithAHeadThatIsNotCertifiedIsNotNamed() {
        final Epoch forged = Epoch.of(Samples.CHAIN, List.of(SampleEpochs.head(0, 0), SampleEpochs.head(1, 3),
            new EpochHead(false, SampleEpochs.certificate(1, 5)))).orElseThrow();
        know(forged);
        assertEquals(4, faults.stream().filter(fault -> fault.kind() == Action.Fault.Kind.BAD_EPOCH).count());
        assertEquals(0, append().header().epoch());
    }

    private Proposal proposal(final BlockHeader like, final long number, final Hash root, final Epoch held) {
        final Block block = Block.of(new BlockHeader(0, LEADER, like.height(), like.view(), like.timeMillis(),
            like.chain(), like.parent(), like.transactionsRoot(), like.stateDigest(), number, root, like.batches(),
            like.transactions()), List.of(), Optional.ofNullable(held));
        return new Proposal(block, Certificate.genesis(Samples.CHAIN), Optional.empty(),
            keys.signer(LEADER).sign(Proposal.signedBytes(block)));
    }

    @Test
    void nobodyVotesForALeadersBlockWithABadEpoch() {
        final BlockHeader like = new BlockHeader(0, LEADER, 1, 1, 1_000, Samples.CHAIN, Samples.CHAIN,
            hashing.transactionsRoot(List.of()), machine.genesis().digest(), 0, Hash.ZERO, 0, 0);
        final Epoch forged = Epoch.of(Samples.CHAIN, List.of(SampleEpochs.head(0, 0), SampleEpochs.head(1, 3),
            new EpochHead(false, SampleEpochs.certificate(2, 5, Phase.PREPARE, Hash.ZERO)))).orElseThrow();
        final List<Proposal> bad = List.of(proposal(like, 8, forged.root(), forged),
            proposal(like, 4, epoch(3, 1).root(), null), proposal(like, 0, Hash.sha256(), null));
        for (final Proposal one : bad) {
            final List<Action> actions = new ArrayList<>();
            new EpochVotingTest().cores.get(2).step(0, 1_000, new Event.Received(LEADER, new Message.Proposed(one)),
                actions);
            assertTrue(actions.stream().anyMatch(action -> action instanceof Action.Fault fault
                && fault.replica() == LEADER), actions.toString());
            assertFalse(isVotedFor(actions), actions.toString());
        }
        final List<Action> actions = new ArrayList<>();
        cores.get(2).step(0, 1_000, new Event.Received(LEADER, new Message.Proposed(
            proposal(like, 4, epoch(3, 1).root(), epoch(3, 1)))), actions);
        assertTrue(isVotedFor(actions), "a good one is voted for");
    }

    /** The header, which the leader signs, names heads by their blocks: their votes can be changed on the way. */
    @Test
    void whoChangesTheEpochOfALeadersBlockIsAccusedAndNotTheLeader() {
        final BlockHeader like = new BlockHeader(0, LEADER, 1, 1, 1_000, Samples.CHAIN, Samples.CHAIN,
            hashing.transactionsRoot(List.of()), machine.genesis().digest(), 0, Hash.ZERO, 0, 0);
        final Epoch good = epoch(3, 1);
        final Certificate votes = good.heads().get(1).certificate();
        final Certificate others = new Certificate(votes.phase(), votes.view(), votes.height(), votes.block(),
            good.heads().get(2).certificate().votes());
        final Epoch changed = Epoch.of(Samples.CHAIN, List.of(good.heads().get(0), new EpochHead(false, others),
            good.heads().get(2))).orElseThrow();
        final List<Action> actions = new ArrayList<>();
        cores.get(2).step(0, 1_000, new Event.Received(3,
            new Message.Proposed(proposal(like, 4, good.root(), changed))), actions);
        assertTrue(actions.stream().anyMatch(action -> action instanceof Action.Fault fault && fault.replica() == 3
            && fault.kind() == Action.Fault.Kind.BAD_EPOCH), actions.toString());
    }

    @Test
    void aBlockWhoseEpochWasCutOffOnTheWayIsFetchedWhole() {
        know(epoch(3, 1));
        altering = (to, message) -> to == 3 && message instanceof Message.Proposed proposed
            ? new Message.Proposed(new Proposal(Block.of(proposed.proposal().block().header(),
                proposed.proposal().block().batches()), proposed.proposal().justify(), proposed.proposal().entry(),
                proposed.proposal().signature())) : message;
        submit();
        submit();
        pass(100);
        assertTrue(faults.stream().anyMatch(fault -> fault.kind() == Action.Fault.Kind.BAD_PROPOSAL));
        assertEquals(3, finals.get(0).size(), "two, and one that names what they came to");
        assertEquals(3, finals.get(3).size(), "it follows");
        assertEquals(epoch(3, 1).root(), finals.get(3).get(0).block().epoch().orElseThrow().root());
    }

    /** The header, and so every signature, says nothing about it; but the journal's bytes would not be the others'. */
    @Test
    void anEpochThatWasNamedBeforeIsTakenOffTheBlockThatRepeatsIt() {
        know(epoch(3, 1));
        append();
        altering = (to, message) -> to == 3 && message instanceof Message.Proposed said
            && said.proposal().block().epoch().isEmpty() ? new Message.Proposed(holding(said.proposal(), epoch(3, 1)))
            : message;
        append();
        append();
        assertEquals(hashes(finals.get(0)), hashes(finals.get(3)));
        assertEquals(List.of(true, false, false), finals.get(3).stream().map(one -> one.block().epoch().isPresent())
            .toList());
        assertTrue(faults.isEmpty(), faults.toString());
    }

    private static Proposal holding(final Proposal said, final Epoch epoch) {
        return new Proposal(Block.of(said.block().header(), said.block().batches(), Optional.ofNullable(epoch)),
            said.justify(), said.entry(), said.signature());
    }

    @Test
    void whoCutsTheEpochOffALeadersBlockIsAccusedAndNotTheLeader() {
        know(epoch(3, 1));
        final List<Message> heard = new ArrayList<>();
        altering = (to, message) -> {
            heard.add(message);
            return message;
        };
        submit();
        final Proposal whole = heard.stream().filter(Message.Proposed.class::isInstance)
            .map(one -> ((Message.Proposed) one).proposal()).findFirst().orElseThrow();
        final ReplicaCore late = new EpochVotingTest().cores.get(2);
        final List<Action> actions = new ArrayList<>();
        late.step(0, 1_000, new Event.BatchChecked(LEADER, whole.block().batches().get(0), heard.stream()
            .filter(Message.BatchHere.class::isInstance).map(one -> ((Message.BatchHere) one).batch()).findFirst()
            .orElseThrow(), true), actions);
        late.step(0, 1_000, new Event.Received(3, new Message.Proposed(holding(whole, null))), actions);
        assertEquals(List.of(3), actions.stream().filter(Action.Fault.class::isInstance)
            .map(one -> ((Action.Fault) one).replica()).toList());
        late.step(0, 1_000, new Event.Received(LEADER, new Message.Proposed(whole)), actions);
        assertTrue(isVotedFor(actions), "as it was made it is voted for");
    }

    @Test
    void aPeerThatCutsEpochsOffFinalBlocksIsNotFollowed() {
        know(epoch(3, 1));
        altering = (to, message) -> to == 3 && !(message instanceof Message.Status) ? new Message.WantFinal(1_000)
            : message;
        append();
        append();
        final FinalBlock whole = finals.get(0).get(0);
        final FinalBlock cut = new FinalBlock(Block.of(whole.block().header(), whole.block().batches()),
            whole.batches(), whole.certificate());
        step(3, new Event.Received(2, new Message.FinalBlocks(List.of(cut, finals.get(0).get(1)))));
        settle();
        assertTrue(finals.get(3).isEmpty());
        assertTrue(faults.stream().anyMatch(fault -> fault.replica() == 2
            && fault.kind() == Action.Fault.Kind.BAD_BLOCKS));
        step(3, new Event.Received(0, new Message.FinalBlocks(finals.get(0))));
        assertEquals(hashes(finals.get(0)), hashes(finals.get(3)));
    }
}
