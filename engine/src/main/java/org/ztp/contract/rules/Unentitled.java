package org.ztp.contract.rules;

import org.ztp.contract.ChunkRange;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

/**
 * Transactions that make sense, but that the contract lets others sign. The ledger holds their outcome as INVALID,
 * with a detail by which they can be told from what makes none.
 */
public final class Unentitled {
    private static final String OWNER = "only the owner may change the contract: owner=";
    private static final String APPROVER = " is no approver of contract version ";
    private static final String OWN_REQUEST = "nobody approves a request of their own";

    private Unentitled() {
    }

    static Result isNotOwner(final Hash owner, final Hash signer) {
        return Result.invalid(notOwner(owner, signer));
    }

    /** That a contract is its owner's to change, for people. */
    public static String notOwner(final Hash owner, final Hash signer) {
        return OWNER + owner.brief() + " signer=" + signer.brief();
    }

    static String notApprover(final Hash signer, final int version, final ChunkRange chunks) {
        return signer.brief() + APPROVER + version + " for chunks " + chunks;
    }

    static String ownRequest() {
        return OWN_REQUEST;
    }

    /**
     * Whether a transaction was refused for who signed it.
     *
     * @param detail of its outcome, INVALID
     */
    public static boolean is(final String detail) {
        return detail.startsWith(OWNER) || detail.contains(APPROVER) || detail.equals(OWN_REQUEST);
    }
}
