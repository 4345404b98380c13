package org.ztp.ledger.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.merkle.MerkleTree;
import org.ztp.wire.Hash;

/** The execution of one block, from its first bundle to its changes. Owned by one thread. */
final class BlockExecution {
    private final TransactionRules rules;
    private final BlockHeader header;
    private final PendingState pending;
    private final RuleView view;
    private final Map<StateKey, SubmissionWindow> windows = new HashMap<>();
    private final StateKey wanted = new StateKey(new byte[SubmissionWindow.KEY_BYTES]);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Bundle.Visitor visitor = this::transaction;
    private boolean recordsAlone = true;
    private int batchIndex;
    private int bundleIndex;
    private Bundle bundle;

    BlockExecution(final TransactionRules rules, final StateReader before, final BlockHeader header) {
        this.rules = rules;
        this.header = header;
        this.pending = new PendingState(before);
        this.view = new RuleView(pending);
    }

    /** Executes the batch at this position of the block. */
    void batch(final int index, final Batch batch) {
        batchIndex = index;
        bundleIndex = 0;
        for (int i = 0; i < batch.bundles().size(); i++) {
            bundle = batch.bundles().get(i);
            final Outcome.Code code = window().mark(bundle.sequence());
            if (code == Outcome.Code.ACCEPTED && !bundle.isPlain()) {
                bundle.forEach(visitor);
            } else if (code != Outcome.Code.ACCEPTED) {
                tell(Outcome.WHOLE_BUNDLE, code, "");
            }
            bundleIndex++;
        }
    }

    /** The window of the bundle's submission: looked up with a key that is used again, so only a new one allocates. */
    private SubmissionWindow window() {
        SubmissionWindow.key(bundle, wanted.bytes());
        SubmissionWindow window = windows.get(wanted);
        if (window == null) {
            final StateKey key = new StateKey(wanted.bytes().clone());
            window = new SubmissionWindow(pending.get(key.bytes()));
            windows.put(key, window);
        }
        return window;
    }

    /** Writes what is written once for a block; the changes of the whole block. */
    StateChanges finish() {
        windows.forEach((key, window) -> {
            if (window.changed()) {
                pending.put(key.bytes(), window.encode());
            }
        });
        if (!recordsAlone) {
            final MerkleTree tree = OutcomeRoot.tree(outcomes);
            pending.put(OutcomeRoot.key(header.height()), OutcomeRoot.value(Hash.of(tree.root()), outcomes.size()));
        }
        pending.keep();
        return pending.changes();
    }

    List<Outcome> outcomes() {
        return outcomes;
    }

    private void transaction(final int index, final byte[] array, final int offset, final int length) {
        if (array[offset] == RecordTransaction.KIND) {
            if (!RecordTransaction.wellFormed(array, offset, length)) {
                tell(index, Outcome.Code.INVALID, "malformed record");
            }
            return;
        }
        recordsAlone = false;
        final TransactionRules.Result result = rules.apply(view,
            new TransactionContext(header.height(), header.timeMillis(), bundle.client(), bundle.id(), index),
            array, offset, length);
        if (result.code() == Outcome.Code.INVALID) {
            pending.drop();
        } else {
            pending.keep();
        }
        tell(index, result.code(), cut(result.detail()));
    }

    private void tell(final int transaction, final Outcome.Code code, final String detail) {
        outcomes.add(new Outcome(batchIndex, bundleIndex, transaction, code, detail));
    }

    /** The longest beginning of a text that is small enough for an outcome, and well-formed Unicode. */
    private static String cut(final String detail) {
        final byte[] utf8 = detail.getBytes(StandardCharsets.UTF_8);
        int size = Math.min(utf8.length, Outcome.MAX_DETAIL_BYTES);
        while (size > 0 && size < utf8.length && (utf8[size] & 0xc0) == 0x80) {
            size--; // back to the first byte of a character
        }
        return new String(utf8, 0, size, StandardCharsets.UTF_8);
    }
}
