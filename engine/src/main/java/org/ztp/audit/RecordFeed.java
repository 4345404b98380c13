package org.ztp.audit;

import java.util.Optional;
import org.agrona.DirectBuffer;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Voters;
import org.ztp.ledger.snapshot.SnapshotRecord;

/**
 * Gives the records of one journal or archive, as they are read, to the threads that check them, and on to its check.
 */
final class RecordFeed {
    private final RecordWindow window;
    private final JournalCheck check;
    private final Optional<SnapshotCheck> snapshot;

    /** The records of a journal or archive that begins with the first block. */
    RecordFeed(final AuditContext context, final Voters voters, final JournalCheck check) {
        this(context, voters, check, Optional.empty());
    }

    /** The records of a journal that may begin with a snapshot. */
    RecordFeed(final AuditContext context, final Voters voters, final JournalCheck check,
               final Optional<SnapshotCheck> snapshot) {
        this.check = check;
        this.snapshot = snapshot;
        window = new RecordWindow(context.team(), voters, context.clients(), context.known(), context.tally(),
            check::onRecord);
    }

    /** Takes the next record; its payload is only lent. */
    void take(final long position, final int type, final DirectBuffer buffer, final int offset, final int length) {
        final byte[] payload = new byte[length];
        buffer.getBytes(offset, payload);
        final Optional<LedgerRecord> record = LedgerRecord.decode(type, payload);
        final Optional<SnapshotRecord> start = snapshot.flatMap(one -> SnapshotRecord.decode(type, payload));
        if (start.isPresent()) {
            snapshot.get().take(start.get()).ifPresent(check::goOnFrom);
        } else if (record.isPresent()) {
            window.add(position, length, record.get());
        } else {
            check.onUnreadable(position, type);
        }
    }

    /** There are no more. */
    void end() {
        window.flush();
        check.end();
    }
}
