package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Samples;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.wire.Hash;

class ReplicaCoreTimeTest {
    private static final BatchHashing NONE = new BatchHashing() {
        @Override
        public Optional<BatchRef> identify(final Batch batch) {
            return Optional.empty();
        }

        @Override
        public Hash transactionsRoot(final List<BatchRef> refs) {
            return Hash.ZERO;
        }
    };

    @Test
    void aClockThatIsBehindTheLedgerOpensNothingThatIsOver() {
        final Group group = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3));
        final ReplicaCore core = new ReplicaCore(group, 1, Limits.defaults(), new SafetyRules(group, 1,
            message -> new byte[64], SafetyState.initial(Samples.CHAIN)), (replica, message, signature) -> true, NONE,
            new Executor(null), new Recovered(7, Hash.ZERO, 1, 1_000, Optional.empty(), BlockState.GENESIS, List.of(),
            List.of()));
        assertEquals(1_000, core.laterMillis(999));
        assertEquals(1_001, core.laterMillis(1_001));
    }
}
