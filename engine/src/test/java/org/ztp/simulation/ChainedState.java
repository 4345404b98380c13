package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.StateMachine;
import org.ztp.wire.Hash;

/** A small deterministic ledger: remembers which bundles took effect, and chains a digest over them. */
final class ChainedState implements LedgerState {
    private final Set<Hash> taken;
    private final Hash digest;

    private ChainedState(final Set<Hash> taken, final Hash digest) {
        this.taken = taken;
        this.digest = digest;
    }

    /** The machine over such states. */
    static StateMachine machine() {
        return new Machine();
    }

    @Override
    public Hash digest() {
        return digest;
    }

    private static final class Machine implements StateMachine {
        @Override
        public LedgerState genesis() {
            return new ChainedState(Set.of(), Hash.ZERO);
        }

        @Override
        public Executed execute(final LedgerState before, final Block block, final List<Batch> batches) {
            final ChainedState state = (ChainedState) before;
            final Set<Hash> taken = new HashSet<>(state.taken);
            final List<Outcome> outcomes = new ArrayList<>();
            Hash digest = state.digest;
            for (int b = 0; b < batches.size(); b++) {
                for (int i = 0; i < batches.get(b).bundles().size(); i++) {
                    final Hash id = batches.get(b).bundles().get(i).id();
                    if (taken.add(id)) {
                        digest = Hash.sha256(digest.toBytes(), id.toBytes());
                    } else {
                        outcomes.add(new Outcome(b, i, -1, Outcome.Code.DUPLICATE, ""));
                    }
                }
            }
            return new Executed(new ChainedState(taken, digest), outcomes);
        }
    }
}
