package org.ztp.cli;

import java.util.OptionalLong;
import org.ztp.client.Connection;
import org.ztp.client.ServiceReply;
import org.ztp.cluster.Genesis;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.wire.Hash;

/**
 * What receipts prove of bundles of records. One receipt proves a whole bundle: its id covers the root over all its
 * lines. Certificates are checked once for each block, over whichever connection they come. Owned by one thread.
 *
 * <p>Records that simply took effect have no outcome of their own, so that a copy of a bundle counted, and was not one
 * too many, is the service's word. It is one too many only where the submission was used before for other lines: nobody
 * but its signer makes bundles of it, and the {@link Submitter} hands none in that is too far ahead of those it has
 * proven.
 */
final class BundleReceipts implements Submitter.Proofs {
    private final ReceiptVerifier verifier;
    private final long timeoutNs;

    /**
     * Receipts of a genesis' chain.
     *
     * @param timeoutNs how long a receipt is waited for that nothing else waits for
     */
    BundleReceipts(final Genesis genesis, final long timeoutNs) {
        verifier = ProvenReceipts.verifier(genesis);
        this.timeoutNs = timeoutNs;
    }

    @Override
    public boolean ofAnother(final Connection connection, final Hash other, final Bundle bundle) {
        return new ProvenReceipts(verifier, connection, timeoutNs).isInPlaceOf(other, bundle);
    }

    @Override
    public OptionalLong height(final Bundle bundle, final ServiceReply.Receipt shown) {
        final Receipt receipt = ProvenReceipts.verified(verifier, new TransactionId(bundle.id(), 0), shown).receipt();
        return receipt.outcome().transaction() == Outcome.WHOLE_BUNDLE ? OptionalLong.empty()
            : OptionalLong.of(receipt.finality().header().height());
    }
}
