package org.ztp.simulation;

import java.util.List;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * A bundle that a client submitted.
 *
 * @param by who
 * @param home the sub-cluster that it was brought to
 * @param what its transaction: one of those of data sharing, or nothing for records
 * @param dataset the dataset that it is about, or nothing
 * @param fresh the key of a request, or nothing
 * @param mortal whether its client died right after: nobody will ask what became of it
 * @param bundle its bytes
 */
record Submitted(Party by, int home, Object what, SharedDataset dataset, X25519PrivateKey fresh, boolean mortal,
                 Bundle bundle) {
    Hash id() {
        return bundle.id();
    }

    /** The name of its transaction; the first one's of records. */
    TransactionId transaction() {
        return new TransactionId(bundle.id(), 0);
    }

    /** The parts of seekers that it brings are in it. */
    void place(final List<SeekerPart> parts) {
        dataset.placed(transaction(), parts);
    }
}
