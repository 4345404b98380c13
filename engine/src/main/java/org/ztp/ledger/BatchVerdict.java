package org.ztp.ledger;

/**
 * What checking a batch came to.
 *
 * @param fault what is wrong with it
 * @param bundle position of the bundle that was not signed, else -1
 * @param ref what the batch's bytes come to
 */
public record BatchVerdict(Fault fault, int bundle, BatchRef ref) {
    /** What can be wrong with a batch. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Its client did not sign a bundle. */
        NOT_SIGNED,
        /** It is not the batch that was named. */
        OTHER_REFERENCE
    }

    /** Whether nothing is wrong. */
    public boolean good() {
        return fault == Fault.NONE;
    }
}
