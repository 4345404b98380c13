package org.ztp.storage.journal;

/** Reads committed records in their order. Used by one thread, which need not be the writer's. */
public final class JournalCursor {
    private final Journal journal;
    private long position;

    JournalCursor(final Journal journal, final long position) {
        this.journal = journal;
        this.position = position;
    }

    /**
     * Steps to the next record.
     *
     * @return the record; without one, of verdict {@link JournalRecord.Verdict#ABSENT} at the end of what is committed,
     *     where the cursor goes on when more was committed, or {@link JournalRecord.Verdict#CORRUPT}, where it stays
     */
    public JournalRecord next() {
        while (true) {
            if (journal.isBase(position)) {
                position += SegmentFormat.HEADER_BYTES;
            }
            final JournalRecord record = journal.readAny(position);
            if (!record.isValid()) {
                return record;
            }
            position = record.next();
            if (record.type() != RecordFormat.SEAL_TYPE) {
                return record;
            }
        }
    }

    /**
     * Where the next record is looked for.
     *
     * @return a position
     */
    public long position() {
        return position;
    }
}
