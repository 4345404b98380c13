package org.ztp.runtime;

import java.util.List;
import org.ztp.storage.Durability;
import org.ztp.storage.journal.Journal;

/**
 * Records that go into a journal as if peers had sent them, and are replayed from there now and then. Owned by who opens a
 * store, before anything of it is given out.
 */
final class RestoredRun {
    private static final int BYTES = 32 << 20;

    private final Journal journal;
    private final Durability durability;
    private final JournalReplay replay;
    private long replayedTo;

    RestoredRun(final Journal journal, final Durability durability, final JournalReplay replay) {
        this.journal = journal;
        this.durability = durability;
        this.replay = replay;
        replayedTo = journal.tailPosition();
    }

    void append(final FinalRecords.Raw record) {
        record.appendTo(journal);
        if (journal.tailPosition() - replayedTo >= BYTES) {
            replay();
        }
    }

    void append(final List<FinalRecords.Raw> records) {
        records.forEach(this::append);
    }

    /** Replays what was not replayed yet. */
    void replay() {
        if (journal.tailPosition() > replayedTo) {
            journal.commit(durability);
            replay.run(journal.scan(replayedTo));
            replayedTo = journal.tailPosition();
        }
    }
}
