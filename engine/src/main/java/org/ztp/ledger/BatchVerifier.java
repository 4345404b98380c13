package org.ztp.ledger;

import org.ztp.wire.Hash;

/** Checks batches from others, on one thread that owns it. Every bundle's id is set, whatever comes out. */
public final class BatchVerifier {
    private static final ClientSignatures UNCHECKED = (key, keyOffset, signature, signatureOffset, message) -> true;

    private final BundleHasher hasher;
    private final ClientSignatures signatures;

    /**
     * A verifier for one chain's batches.
     *
     * @param chain hash of the genesis
     * @param signatures checks clients' signatures
     */
    public BatchVerifier(final Hash chain, final ClientSignatures signatures) {
        this.hasher = new BundleHasher(chain);
        this.signatures = signatures;
    }

    /** Checks a batch that came by itself: that each bundle is signed. */
    public BatchVerdict verify(final Batch batch) {
        return check(batch, signatures);
    }

    /** Checks a batch that a block names: that it is this one, and that each bundle is signed. */
    public BatchVerdict verify(final Batch batch, final BatchRef expected) {
        return compare(check(batch, signatures), expected);
    }

    /** Checks only that a batch is the one that is named: enough if a final block names it. */
    public BatchVerdict match(final Batch batch, final BatchRef expected) {
        return compare(check(batch, UNCHECKED), expected);
    }

    private static BatchVerdict compare(final BatchVerdict verdict, final BatchRef expected) {
        return verdict.ref().equals(expected) ? verdict
            : new BatchVerdict(BatchVerdict.Fault.OTHER_REFERENCE, -1, verdict.ref());
    }

    private BatchVerdict check(final Batch batch, final ClientSignatures checked) {
        final byte[] leaves = new byte[Hash.BYTES * batch.bundles().size()];
        int unsigned = -1;
        for (int i = 0; i < batch.bundles().size(); i++) {
            final Bundle bundle = batch.bundles().get(i);
            if (unsigned >= 0) {
                hasher.identify(bundle);
            } else if (!hasher.verify(bundle, checked)) {
                unsigned = i;
            }
            hasher.leaf(bundle, leaves, i * Hash.BYTES);
        }
        return new BatchVerdict(unsigned < 0 ? BatchVerdict.Fault.NONE : BatchVerdict.Fault.NOT_SIGNED, unsigned,
            BatchRoot.reduce(hasher.treeHasher(), batch, leaves, 0));
    }
}
