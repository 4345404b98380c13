package org.ztp.ledger.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
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
     * Shows every transaction of a block, in order.
     *
     * @param block the block
     * @param batches the batches that it names, each bundle's id known
     * @param outcomes the outcomes of the block
     * @param state the state after the block, or after a later one
     * @param visitor takes the entries
     */
    public void show(final Block block, final List<Batch> batches, final List<Outcome> outcomes,
                     final StateReader state, final Consumer<LogEntry> visitor) {
        final Map<Place, Outcome> told = new HashMap<>();
        outcomes.forEach(outcome ->
            told.put(new Place(outcome.batch(), outcome.bundle(), outcome.transaction()), outcome));
        for (int i = 0; i < batches.size(); i++) {
            for (int j = 0; j < batches.get(i).bundles().size(); j++) {
                final Place whole = new Place(i, j, Outcome.WHOLE_BUNDLE);
                final Bundle bundle = batches.get(i).bundles().get(j);
                final Hash client = bundle.client();
                bundle.forEach((index, array, offset, length) -> visitor.accept(entry(
                    new TransactionContext(block.height(), block.header().timeMillis(), client, bundle.id(), index),
                    outcome(told, whole, index), state, array, offset, length)));
            }
        }
    }

    private LogEntry entry(final TransactionContext context, final Outcome outcome, final StateReader state,
                           final byte[] array, final int offset, final int length) {
        final boolean record = array[offset] == RecordTransaction.KIND;
        final String entity = record && RecordTransaction.wellFormed(array, offset, length)
            ? RecordTransaction.entity(array, offset) : "";
        final Optional<Hash> dataset = record ? Optional.empty()
            : rules.dataset(state, context, array, offset, length);
        return new LogEntry(context.height(), context.timeMillis(), context.client(), context.bundle(),
            context.transaction(), array[offset] & 0xff, length, entity, dataset, outcome);
    }

    private static Outcome outcome(final Map<Place, Outcome> told, final Place whole, final int index) {
        final Outcome own = told.get(new Place(whole.batch, whole.bundle, index));
        final Outcome known = own == null ? told.get(whole) : own;
        return known == null ? new Outcome(whole.batch, whole.bundle, index, Outcome.Code.ACCEPTED, "") : known;
    }

    private record Place(int batch, int bundle, int transaction) {
    }
}
