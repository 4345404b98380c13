package org.ztp.ledger.snapshot;

import java.util.Optional;
import org.ztp.ledger.state.PartialState;
import org.ztp.ledger.state.StateTree;

/**
 * A snapshot that comes record by record: its head, then the pages of its state, each checked against the digest that the
 * head gives. Whether a quorum has certified the head is for the owner to check. Owned by one thread.
 */
public final class ArrivingSnapshot {
    private Optional<SnapshotHead> head = Optional.empty();
    private PartialState state;

    /**
     * Takes a record.
     *
     * @return whether it is what was missing: a head if there was none, a page that is of the head's state; if not,
     *     nothing has changed
     */
    public boolean take(final SnapshotRecord record) {
        if (record instanceof SnapshotRecord.Head start && head.isEmpty()) {
            head = Optional.of(start.head());
            state = new PartialState(start.head().stateDigest());
            return true;
        }
        return record instanceof SnapshotRecord.Page page && head.isPresent() && state.add(page.at(), page.bytes());
    }

    /** What it is of; empty before the first head. */
    public Optional<SnapshotHead> head() {
        return head;
    }

    /** The whole state; empty while a part of it is missing. */
    public Optional<StateTree> whole() {
        return head.flatMap(one -> state.whole());
    }
}
