package org.ztp.ledger;

import org.ztp.merkle.CompactRange;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;

/**
 * Computes what a client signed, the bundle's id and its leaf in the batch's tree. Owned by one thread and made
 * once: per bundle it allocates the id alone, and only the first time.
 *
 * <pre>
 *   0         16        48           80           96         104     108                   140
 *   +---------+---------+------------+------------+----------+-------+---------------------+
 *   | domain  | chain   | client key | submission | sequence | count | transactions' root  |   signed; id = SHA-256
 *   +---------+---------+------------+------------+----------+-------+---------------------+
 * </pre>
 */
public final class BundleHasher {
    /** Size of what is hashed to a bundle's leaf: its id and its signature. */
    static final int LEAF_BYTES = Hash.BYTES + Certificate.Signature.BYTES;
    private static final int CHAIN_OFFSET = Domain.BYTES;
    /** Client key, submission, sequence and count stand in the bundle as they are signed: one after another. */
    private static final int HEAD_OFFSET = CHAIN_OFFSET + Hash.BYTES;
    private static final int HEAD_BYTES = Hash.BYTES + Bundle.SUBMISSION_BYTES + 8 + 4;
    private static final int ROOT_OFFSET = HEAD_OFFSET + HEAD_BYTES;

    private final TreeHasher hasher = new TreeHasher();
    private final CompactRange range = new CompactRange(hasher);
    private final Bundle.Visitor append = this::append;
    private final byte[] signed = new byte[Bundle.SIGNED_BYTES];
    private final byte[] hash = new byte[Hash.BYTES];
    private final byte[] leaf = new byte[LEAF_BYTES];

    /** A hasher for one chain's bundles. */
    public BundleHasher(final Hash chain) {
        System.arraycopy(Domain.BUNDLE.tag(), 0, signed, 0, Domain.BYTES);
        chain.copyTo(signed, CHAIN_OFFSET);
    }

    /** Computes the bundle's id and sets it; if it is set already, to the same, that one stays. */
    public Hash identify(final Bundle bundle) {
        range.reset();
        bundle.forEach(append);
        System.arraycopy(bundle.array(), bundle.offset(), signed, HEAD_OFFSET, HEAD_BYTES);
        range.root(signed, ROOT_OFFSET);
        hasher.sha256().update(signed, 0, signed.length).digest(hash, 0);
        if (!bundle.id().matches(hash, 0)) {
            bundle.identify(Hash.copyOf(hash, 0));
        }
        return bundle.id();
    }

    /** Computes the bundle's id, sets it, and tells whether its client signed it. */
    public boolean verify(final Bundle bundle, final ClientSignatures signatures) {
        identify(bundle);
        return signatures.check(bundle.array(), bundle.offset(), bundle.array(),
            bundle.offset() + Bundle.SIGNATURE_OFFSET, signed);
    }

    /** Computes the bundle's id, sets it, and adds its signature to those to check. */
    public void enqueue(final Bundle bundle, final SignatureQueue queue) {
        identify(bundle);
        queue.add(bundle.array(), bundle.offset(), bundle.array(), bundle.offset() + Bundle.SIGNATURE_OFFSET, signed);
    }

    /** The 140 signed bytes of the bundle identified last; valid until the next one. */
    public byte[] signed() {
        return signed;
    }

    /** Writes the leaf hash (32 bytes) of an identified bundle: over its id and its signature. */
    public void leaf(final Bundle bundle, final byte[] out, final int outOffset) {
        bundle.id().copyTo(leaf, 0);
        System.arraycopy(bundle.array(), bundle.offset() + Bundle.SIGNATURE_OFFSET, leaf, Hash.BYTES,
            Certificate.Signature.BYTES);
        hasher.leaf(leaf, 0, LEAF_BYTES, out, outOffset);
    }

    /** Hashes trees for the same thread. */
    TreeHasher treeHasher() {
        return hasher;
    }

    private void append(final int index, final byte[] array, final int offset, final int length) {
        hasher.leaf(array, offset, length, hash, 0);
        range.append(hash, 0);
    }
}
