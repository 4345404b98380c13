package org.ztp.storage.safety;

import org.agrona.DirectBuffer;

/**
 * What opening a safety store found.
 *
 * @param status whether the record can be relied upon
 * @param record the newest record that can be read: the last one acknowledged when the status is OK or REPAIRED; some
 *               older one, if any, when it is LOST; else empty
 * @param reason one line for a person, empty when all is well
 */
public record SafetyLoad(Status status, DirectBuffer record, String reason) {
    /** Whether the record can be relied upon. */
    public enum Status {
        /** There is no file: nothing was ever stored in this directory. */
        ABSENT,
        /** The last record acknowledged, or one that was being stored after it. */
        OK,
        /** As OK, but a copy was damaged; it was written anew. */
        REPAIRED,
        /**
         * A record was stored, and the last one acknowledged may be gone. The owner must not act as if nothing had been
         * promised.
         */
        LOST
    }
}
