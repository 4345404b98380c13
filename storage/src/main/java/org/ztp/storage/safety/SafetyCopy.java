package org.ztp.storage.safety;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one slot holds.
 *
 * @param state       the verdict
 * @param generation  of the record, 0 unless the state is VALID
 * @param incarnation of the record, 0 unless the state is VALID
 * @param record      empty unless the state is VALID
 * @param newest      the highest generation of any sound sector of the slot
 * @param rottenAt    offset in the file of the first sector that is neither sound nor empty, or -1
 */
record SafetyCopy(State state, long generation, long incarnation, UnsafeBuffer record, long newest, int rottenAt) {
    /** What a slot can be. Sectors are written whole or not at all: so an unfinished write leaves only sound ones. */
    enum State {
        /** A whole record. */
        VALID,
        /** Sound sectors that do not belong together, or none: a write that did not finish, or never began. */
        UNFINISHED,
        /** A sector that the record needs is not what was written. */
        ROTTEN
    }

    static SafetyCopy read(final SafetyFormat format, final ByteBuffer file, final int slot) {
        long newest = 0;
        int rottenAt = -1;
        for (int sector = SafetyFormat.SECTORS - 1; sector >= 0; sector--) {
            final int at = SafetyFormat.sectorOffset(slot, sector);
            if (format.isSound(file, slot, sector)) {
                newest = Math.max(newest, SafetyFormat.generation(file, at));
            } else if (!SafetyFormat.isEmpty(file, slot, sector)) {
                rottenAt = at;
            }
        }
        final int first = SafetyFormat.sectorOffset(slot, 0);
        if (!format.isSound(file, slot, 0)) {
            return new SafetyCopy(rottenAt >= 0 ? State.ROTTEN : State.UNFINISHED, 0, 0, empty(), newest, rottenAt);
        }
        final State state = state(format, file, slot);
        return state == State.VALID
            ? new SafetyCopy(state, SafetyFormat.generation(file, first), SafetyFormat.incarnation(file, first),
                record(file, slot), newest, rottenAt)
            : new SafetyCopy(state, 0, 0, empty(), newest, rottenAt);
    }

    private static UnsafeBuffer empty() {
        return new UnsafeBuffer(0, 0);
    }

    /** The first sector is sound. */
    private static State state(final SafetyFormat format, final ByteBuffer file, final int slot) {
        final int first = SafetyFormat.sectorOffset(slot, 0);
        final int length = SafetyFormat.length(file, first);
        State state = State.VALID;
        for (int sector = 1; sector < SafetyFormat.sectors(length); sector++) {
            final int at = SafetyFormat.sectorOffset(slot, sector);
            if (format.isSound(file, slot, sector)) {
                final boolean same = SafetyFormat.generation(file, at) == SafetyFormat.generation(file, first)
                    && SafetyFormat.incarnation(file, at) == SafetyFormat.incarnation(file, first)
                    && SafetyFormat.length(file, at) == length;
                state = same ? state : State.UNFINISHED;
            } else if (SafetyFormat.isEmpty(file, slot, sector)) {
                state = State.UNFINISHED;
            } else {
                return State.ROTTEN;
            }
        }
        return state;
    }

    private static UnsafeBuffer record(final ByteBuffer file, final int slot) {
        final int length = SafetyFormat.length(file, SafetyFormat.sectorOffset(slot, 0));
        final byte[] record = new byte[length];
        for (int done = 0; done < length; done += SafetyFormat.DATA_BYTES) {
            final int sector = done / SafetyFormat.DATA_BYTES;
            final int piece = Math.min(SafetyFormat.DATA_BYTES, length - done);
            file.get(SafetyFormat.sectorOffset(slot, sector) + SafetyFormat.DATA_OFFSET, record, done, piece);
        }
        return new UnsafeBuffer(record);
    }

    boolean isValid() {
        return state == State.VALID;
    }
}
