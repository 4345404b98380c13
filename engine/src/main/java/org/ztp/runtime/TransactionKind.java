package org.ztp.runtime;

import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.ledger.RecordTransaction;

/** What a transaction's first byte stands for, as users and auditors read it. */
final class TransactionKind {
    private TransactionKind() {
    }

    /** Whether it is what a dataset's owner and those who approve decide: all but what anybody can ask. */
    static boolean decides(final int kind) {
        return kind == Publish.KIND || kind == Grant.KIND || kind == Revoke.KIND || kind == Approve.KIND;
    }

    /** Its name; UNKNOWN for a byte that stands for nothing. */
    static String name(final int kind) {
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
}
