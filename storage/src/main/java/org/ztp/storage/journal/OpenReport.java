package org.ztp.storage.journal;

/**
 * What opening a journal found and did.
 *
 * @param outcome       the verdict
 * @param cutAtPosition where the journal ends now if it was cut, else its end
 * @param bytesCut      bytes from there to the last one in the files that was not zero, 0 when nothing was cut
 * @param file          the file with the first fault, empty when there is none
 * @param reason        one line for a person, empty when nothing was cut
 * @param quarantine    directory that has the bytes that were cut, empty when there is none
 * @param records       valid records, those of segments skipped by their position not counted
 */
public record OpenReport(Outcome outcome, long cutAtPosition, long bytesCut, String file, String reason,
                         String quarantine, long records) {
    /** What state the journal was in. */
    public enum Outcome {
        /** There was none. */
        CREATED,
        /** All of it was valid. */
        CLEAN,
        /** The last write had not finished: its remains were cut. Nothing that was committed durably is lost. */
        TORN_TAIL,
        /**
         * Committed records are damaged or missing: the first of them and all that follow were moved into quarantine.
         * They must be fetched from elsewhere.
         */
        CORRUPT
    }
}
