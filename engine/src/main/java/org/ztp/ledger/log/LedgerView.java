package org.ztp.ledger.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.state.StateReader;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.wire.Hash;

/** Tells final blocks transaction by transaction. Any thread may use it. */
public final class LedgerView {
    private final TransactionRules rules;

    /** A view that asks these rules which dataset a transaction is about. */
    public LedgerView(final TransactionRules rules) {
        this.rules = rules;
    }

    /**
     * Shows transactions of a block, in order.
     *
     * @param block the block
     * @param batches the batches that it names, each bundle's id known
     * @param outcomes the outcomes of the block
     * @param state the state after the block, or after a later one
     * @param wanted which of them; asked in their order, each when the visitor has taken those before
     * @param visitor takes the entries
     */
    public void show(final Block block, final List<Batch> batches, final List<Outcome> outcomes,
                     final StateReader state, final Predicate<Position> wanted, final Consumer<LogEntry> visitor) {
        final Map<Position, Outcome> told = new HashMap<>();
        outcomes.forEach(outcome ->
            told.put(new Position(outcome.batch(), outcome.bundle(), outcome.transaction()), outcome));
        for (int i = 0; i < batches.size(); i++) {
            for (int j = 0; j < batches.get(i).bundles().size(); j++) {
                final Position whole = new Position(i, j, Outcome.WHOLE_BUNDLE);
                final Bundle bundle = batches.get(i).bundles().get(j);
                final Hash client = bundle.client();
                bundle.forEach((index, array, offset, length) -> {
                    final Position position = new Position(whole.batch(), whole.bundle(), index);
                    if (wanted.test(position)) {
                        visitor.accept(entry(new TransactionContext(block.height(), block.header().timeMillis(), client,
                            bundle.id(), index), outcome(told, whole, position), state, array, offset, length));
                    }
                });
            }
        }
    }

    private LogEntry entry(final TransactionContext context, final Outcome outcome, final StateReader state,
                           final byte[] array, final int offset, final int length) {
        final boolean record = array[offset] == RecordTransaction.KIND;
        final String entity = record && RecordTransaction.wellFormed(array, offset, length)
            ? RecordTransaction.entity(array, offset) : "";
        final String text = rules.text(array, offset, length);
        final Optional<Hash> dataset = record ? Optional.empty()
            : rules.dataset(state, context, array, offset, length);
        return new LogEntry(context.height(), context.timeMillis(), context.client(), context.bundle(),
            context.transaction(), array[offset] & 0xff, length, entity, text, dataset, outcome);
    }

    private static Outcome outcome(final Map<Position, Outcome> told, final Position whole, final Position position) {
        final Outcome own = told.get(position);
        final Outcome known = own == null ? told.get(whole) : own;
        return known == null ? new Outcome(position.batch(), position.bundle(), position.transaction(),
            Outcome.Code.ACCEPTED, "") : known;
    }
}
