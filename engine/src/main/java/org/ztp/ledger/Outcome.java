package org.ztp.ledger;

/**
 * What a transaction came to, where that is more than "taken in".
 *
 * @param batch position of its batch in the block
 * @param bundle position of its bundle in the batch
 * @param transaction position in the bundle, or -1 for the whole bundle
 * @param code what came of it
 * @param detail for people and auditors: the rule that decided, the contract's version; at most 512 bytes of UTF-8
 */
public record Outcome(int batch, int bundle, int transaction, Code code, String detail) {
    /** Kinds of outcome. */
    public enum Code {
        /** Taken in: the outcome of every transaction that no other is told of. */
        ACCEPTED(0),
        /** (client, submission, sequence) was there before: the first one counts. */
        DUPLICATE(1),
        /** The sequence is further ahead of the oldest open one than the window allows. */
        TOO_FAR_AHEAD(2),
        /** Malformed, or it speaks of something that is not there or not the signer's. */
        INVALID(3),
        /** A request that the contract allows. */
        ALLOWED(4),
        /** A request that the contract denies. */
        DENIED(5),
        /** A request that waits for approvals. */
        PENDING(6);

        private final int code;

        Code(final int code) {
            this.code = code;
        }

        /** The byte that stands for it. */
        public int code() {
            return code;
        }
    }
}
