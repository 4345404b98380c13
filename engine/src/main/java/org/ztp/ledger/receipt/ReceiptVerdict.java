package org.ztp.ledger.receipt;

/**
 * What verifying a receipt came to.
 *
 * @param fault what is wrong with it
 * @param detail what exactly, both sides of it, in one line; empty if nothing is
 * @param outcomeProven whether the outcome is proven, not only told
 */
public record ReceiptVerdict(Fault fault, String detail, boolean outcomeProven) {
    /** What can be wrong with a receipt, in the order in which it is looked for. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** The block is another chain's. */
        OTHER_CHAIN,
        /** The genesis has no such sub-cluster. */
        UNKNOWN_SUB_CLUSTER,
        /** The transaction is not in the bundle. */
        NOT_IN_BUNDLE,
        /** The client did not sign the bundle. */
        NOT_SIGNED,
        /** The bundle is not in the batch. */
        NOT_IN_BATCH,
        /** The batch is not in the block. */
        NOT_IN_BLOCK,
        /** A header is not the parent of the one after it. */
        BROKEN_CHAIN,
        /** The certificate is not a commit certificate of the last header. */
        OTHER_BLOCK_CERTIFIED,
        /** The certificate does not hold. */
        BAD_CERTIFICATE,
        /** The outcome is another transaction's. */
        OTHER_OUTCOME,
        /** The proof of the outcome does not hold. */
        OUTCOME_NOT_PROVEN
    }

    /** Whether nothing is wrong. */
    public boolean good() {
        return fault == Fault.NONE;
    }
}
