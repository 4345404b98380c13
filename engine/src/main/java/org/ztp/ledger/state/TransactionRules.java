package org.ztp.ledger.state;

import java.util.Optional;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * What the transactions do that are more than records. Deterministic: the answer depends on the arguments alone. Any
 * bytes may be given; bytes that are no transaction are {@link Outcome.Code#INVALID}, never an exception.
 */
public interface TransactionRules {
    /**
     * Applies one transaction.
     *
     * @param state what it may read and change; its changes are dropped if the result is INVALID
     * @param context where it stands
     * @param array holds the transaction, which starts with its kind (u8, never that of a RECORD)
     * @param offset where it starts
     * @param length its size, 1 or more
     */
    Result apply(StateView state, TransactionContext context, byte[] array, int offset, int length);

    /**
     * The dataset that a transaction is about, for the index behind {@code ztp log --dataset}.
     *
     * @param state the state after the transaction's block
     * @return empty if it is about none, or the bytes are no transaction
     */
    Optional<Hash> dataset(StateReader state, TransactionContext context, byte[] array, int offset, int length);

    /** What the signer of a transaction wrote in it for people, as it is; empty for nothing, or if the bytes are none. */
    default String text(final byte[] array, final int offset, final int length) {
        return "";
    }

    /**
     * What came of one transaction.
     *
     * @param code what came of it, never DUPLICATE or TOO_FAR_AHEAD
     * @param detail for people and auditors, at most 512 bytes of UTF-8; may be empty
     */
    record Result(Outcome.Code code, String detail) {
        /** Taken in, and nothing to say about it. */
        public static final Result ACCEPTED = new Result(Outcome.Code.ACCEPTED, "");

        /** Refused as malformed, or as about something that is not there or not the signer's. */
        public static Result invalid(final String detail) {
            return new Result(Outcome.Code.INVALID, detail);
        }
    }
}
