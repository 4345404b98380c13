package org.ztp.storage.journal;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The answer to reading a position.
 *
 * @param verdict  whether there is a record; type and payload mean something only when it is {@link Verdict#VALID}
 * @param position that was asked for; for a cursor, where it stands
 * @param type     1 .. 255
 * @param payload  a copy, the caller's own
 */
public record JournalRecord(Verdict verdict, long position, int type, DirectBuffer payload) {
    /** What was found. */
    public enum Verdict {
        /** A record with the right checksum. */
        VALID,
        /** Bytes that are not a record of this position. */
        CORRUPT,
        /** The position is not inside the committed part of the journal. */
        ABSENT
    }

    static JournalRecord without(final Verdict verdict, final long position) {
        return new JournalRecord(verdict, position, 0, new UnsafeBuffer(0, 0));
    }

    /**
     * Whether the payload can be used.
     *
     * @return true for {@link Verdict#VALID}
     */
    public boolean isValid() {
        return verdict == Verdict.VALID;
    }

    /**
     * Where the following record starts, if it is in the same segment.
     *
     * @return a position
     */
    long next() {
        return position + RecordFormat.sizeOf(payload.capacity());
    }
}
