package org.ztp.cli;

import java.util.Arrays;
import org.ztp.client.Connection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.receipt.BundleHead;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptVerdict;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.wire.Hash;

/** Receipts of what is final, asked of a service, and believed only as far as they prove what they say. */
final class ProvenReceipts {
    /** How long what is final is looked for with a replica that may be a moment behind. */
    static final long CATCH_UP_NS = 5_000_000_000L;

    private final Connection connection;
    private final long timeoutNs;
    private final ReceiptVerifier verifier;

    /**
     * A receipt that holds.
     *
     * @param receipt what it says
     * @param outcomeProven whether it proves what came of its transaction, too
     */
    record Shown(Receipt receipt, boolean outcomeProven) { }

    /** Receipts over a connection, which its owner closes. */
    ProvenReceipts(final Genesis genesis, final Connection connection, final long timeoutNs) {
        this(verifier(genesis), connection, timeoutNs);
    }

    /** The same with a verifier that was used before. */
    ProvenReceipts(final ReceiptVerifier verifier, final Connection connection, final long timeoutNs) {
        this.verifier = verifier;
        this.connection = connection;
        this.timeoutNs = timeoutNs;
    }

    /** Verifies receipts of a genesis' chain. */
    static ReceiptVerifier verifier(final Genesis genesis) {
        return new ReceiptVerifier(genesis.chain(), GenesisVoters.of(genesis),
            GenesisVoters.clients(new VerifyKeys(64)));
    }

    /**
     * Whatever the service says about a transaction that is final: the replica that answers may execute its block a
     * moment later than the one that told of it, so what it does not know yet is asked again for a while.
     */
    ServiceReply known(final ServiceRequest request) {
        return Polling.until(reply -> !(reply instanceof Refused no && no.reason() == Refused.Reason.NOT_FOUND),
            Math.min(timeoutNs, CATCH_UP_NS), Polling.SOON_NS,
            () -> Replies.ask(connection, request, ServiceReply.class, timeoutNs));
    }

    /** The receipt of a final transaction; one that does not hold ends the command. */
    Shown of(final TransactionId id) {
        final ServiceReply reply = known(new ServiceRequest.ReceiptOf(id));
        return verified(verifier, id, Replies.expect(reply, ServiceReply.Receipt.class));
    }

    /**
     * Whether a bundle is final that the signer of another one, which was not taken in, has put in its place: at the
     * same position of the same submission.
     *
     * @param other id of the bundle that is said to be there
     * @return false if the service shows nothing that proves it
     */
    boolean isInPlaceOf(final Hash other, final Bundle bundle) {
        final TransactionId first = new TransactionId(other, 0);
        if (!(known(new ServiceRequest.ReceiptOf(first)) instanceof ServiceReply.Receipt shown)) {
            return false;
        }
        final BundleHead head = verified(verifier, first, shown).receipt().transaction().bundle();
        return head.client().equals(bundle.client()) && Arrays.equals(head.submission(), bundle.submission())
            && head.sequence() == bundle.sequence();
    }

    /** What the service shows as the receipt of a transaction; one that is not, or does not hold, ends the command. */
    static Shown verified(final ReceiptVerifier verifier, final TransactionId id, final ServiceReply.Receipt told) {
        final Receipt receipt = Receipt.decode(told.receipt()).orElseThrow(() -> unproven(id, "it is malformed"));
        final ReceiptVerdict verdict = verifier.verify(receipt);
        if (!verdict.good()) {
            throw unproven(id, verdict.fault() + ": " + verdict.detail());
        }
        if (!receipt.id().equals(id.toString())) {
            throw unproven(id, "it is of another transaction: " + receipt.id());
        }
        return new Shown(receipt, verdict.outcomeProven());
    }

    static CommandException unproven(final TransactionId id, final String reason) {
        return new CommandException(Exit.UNVERIFIED, "the service's receipt of " + id + " does not hold: " + reason,
            "do not trust this service; look with: ztp verify");
    }
}
