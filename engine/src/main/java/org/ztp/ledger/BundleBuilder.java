package org.ztp.ledger;

import java.util.Arrays;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Collects a client's transactions and signs them as one bundle. Owned by one thread; reusable. */
public final class BundleBuilder {
    private final BundleHasher hasher;
    private final Hash client;
    private final byte[] submission;
    private final ClientSigner signer;
    private final WireWriter body = new WireWriter();
    private int count;

    /**
     * A builder of one submission's bundles.
     *
     * @param chain hash of the genesis
     * @param client the client's Ed25519 key
     * @param submission 16 bytes that name the submission, copied
     * @param signer signs with that key
     * @throws IllegalArgumentException if the submission's name has another size
     */
    public BundleBuilder(final Hash chain, final Hash client, final byte[] submission, final ClientSigner signer) {
        if (submission.length != Bundle.SUBMISSION_BYTES) {
            throw new IllegalArgumentException(
                "submission length: expected=" + Bundle.SUBMISSION_BYTES + " actual=" + submission.length);
        }
        this.hasher = new BundleHasher(chain);
        this.client = client;
        this.submission = submission.clone();
        this.signer = signer;
    }

    /**
     * Adds a transaction; its bytes are copied.
     *
     * @return false if the bundle is full, and nothing was added
     * @throws IllegalArgumentException if it is empty: no bundle may hold such a one
     */
    public boolean add(final byte[] array, final int offset, final int length) {
        if (length <= 0) {
            throw new IllegalArgumentException("a transaction has no bytes: length=" + length);
        }
        if (count == Bundle.MAX_TRANSACTIONS || length > Bundle.MAX_BODY_BYTES - 4 - body.size()) {
            return false;
        }
        body.u32(length).raw(array, offset, length);
        count++;
        return true;
    }

    /** Transactions collected. */
    public int count() {
        return count;
    }

    /** Size of the bundle as it would be now. */
    public int size() {
        return Bundle.HEADER_BYTES + body.size();
    }

    /**
     * Signs what was collected, and starts over.
     *
     * @param sequence position in the submission, 0 or more
     * @return the bundle, its id set, alone in an array of its size
     * @throws IllegalStateException if nothing was collected
     */
    public Bundle seal(final long sequence) {
        if (count == 0) {
            throw new IllegalStateException("a bundle without transactions");
        }
        final byte[] bytes = new WireWriter(size()).hash(client).raw(submission).u64(sequence).u32(count)
            .u32(body.size()).raw(new byte[Certificate.Signature.BYTES]).raw(body.array(), 0, body.size()).array();
        final Bundle bundle = Bundle.parse(bytes, 0, bytes.length)
            .orElseThrow(() -> new IllegalStateException("a bundle that does not parse: bytes=" + bytes.length));
        hasher.identify(bundle);
        final byte[] signature = signer.sign(Arrays.copyOf(hasher.signed(), Bundle.SIGNED_BYTES));
        System.arraycopy(signature, 0, bytes, Bundle.SIGNATURE_OFFSET, Certificate.Signature.BYTES);
        body.clear();
        count = 0;
        return bundle;
    }
}
