package org.ztp.contract.transaction;

import org.ztp.ledger.RecordTransaction;

/** What a transaction's first byte stands for, as users and auditors read it. */
public final class TransactionKind {
    private TransactionKind() {
    }

    /** Whether it is what a dataset's owner and those who approve decide: all but what anybody can ask. */
    public static boolean decides(final int kind) {
        return kind == Publish.KIND || kind == Grant.KIND || kind == Revoke.KIND || kind == Approve.KIND;
    }

    /** Its name; UNKNOWN for a byte that stands for nothing. */
    public static String name(final int kind) {
        return switch (kind) {
            case RecordTransaction.KIND -> "RECORD";
            case Publish.KIND -> "PUBLISH";
            case Grant.KIND -> "GRANT";
            case Revoke.KIND -> "REVOKE";
            case Approve.KIND -> "APPROVE";
            case Request.KIND -> "REQUEST";
            case Evidence.KIND -> "EVIDENCE";
            case TakeOver.KIND -> "TAKE-OVER";
            default -> "UNKNOWN";
        };
    }

    /** What the signer of a transaction wrote in it for people, as it is; empty for nothing, or if the bytes are none. */
    public static String text(final byte[] array, final int offset, final int length) {
        return switch (length < 1 ? 0 : array[offset]) {
            case RecordTransaction.KIND -> RecordTransaction.text(array, offset, length);
            case Publish.KIND -> Publish.name(array, offset, length).orElse("");
            case Request.KIND -> Request.parse(array, offset, length).map(Request::purpose).orElse("");
            default -> "";
        };
    }
}
