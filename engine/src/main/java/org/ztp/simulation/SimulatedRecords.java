package org.ztp.simulation;

import java.util.Optional;
import org.ztp.ledger.state.StateReader;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.wire.Hash;

/** Rules of a ledger that takes nothing but records. */
final class SimulatedRecords implements TransactionRules {
    static final TransactionRules RULES = new SimulatedRecords();

    private SimulatedRecords() {
    }

    @Override
    public Result apply(final StateView state, final TransactionContext context, final byte[] array, final int offset,
                        final int length) {
        return Result.invalid("no record");
    }

    @Override
    public Optional<Hash> dataset(final StateReader state, final TransactionContext context, final byte[] array,
                                  final int offset, final int length) {
        return Optional.empty();
    }
}
