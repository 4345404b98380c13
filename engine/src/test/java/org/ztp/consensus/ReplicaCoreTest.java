package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Samples;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.wire.Hash;

/** Replica 0 of four; replica 1 leads the first view. */
class ReplicaCoreTest {
    private static final int LEADER = 1;
    private static final Group GROUP = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3));
    private static final BatchHashing HASHING = new BatchHashing() {
        @Override
        public Optional<BatchRef> identify(final Batch batch) {
            return Optional.of(Samples.ref(batch));
        }

        @Override
        public Hash transactionsRoot(final List<BatchRef> refs) {
            return BlockRoot.of(refs);
        }
    };

    private static ReplicaCore core(final Limits limits, final Recovered recovered) {
        return new ReplicaCore(GROUP, 0, limits, new SafetyRules(GROUP, 0, message -> new byte[64],
            SafetyState.initial(Samples.CHAIN)), (replica, message, signature) -> true, HASHING, new Executor(null),
            recovered);
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
        final Limits limits = new Limits(1_000, 10_000, usual.blockBatches(), usual.pipeline(), usual.heightsAhead(),
            usual.viewsAhead(), usual.pooledBytesPerPeer(), usual.clockAheadMillis(), usual.viewTimeoutNs(),
            usual.viewTimeoutMaxNs(), usual.heartbeatNs(), usual.retransmitNs(), usual.snapshotBehind());
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

    private static List<Action.Fault.Kind> faults(final Limits limits, final int batchBytes) {
        final List<BatchRef> refs = List.of(new BatchRef(Hash.sha256(new byte[] {1}), 1, 1, batchBytes),
            new BatchRef(Hash.sha256(new byte[] {2}), 1, 1, batchBytes));
        final Block block = Block.of(new BlockHeader(0, LEADER, 1, 1, 1_000, Samples.CHAIN, Samples.CHAIN,
            BlockRoot.of(refs), BlockState.GENESIS.digest(), 0, Hash.ZERO, 2, 2), refs);
        final List<Action> actions = new ArrayList<>();
        final Proposal proposal = new Proposal(block, Certificate.genesis(Samples.CHAIN), Optional.empty(), new byte[64]);
        core(limits, Recovered.blank(Samples.CHAIN, BlockState.GENESIS)).step(1, 1_000,
            new Event.Received(LEADER, new Message.Proposed(proposal)), actions);
        return actions.stream().filter(Action.Fault.class::isInstance).map(fault -> ((Action.Fault) fault).kind())
            .toList();
    }
}
