package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.wire.WireReader;

/**
 * What one replica's team reduced from its rings in one round: bundles, as they came, behind their count.
 *
 * <pre>
 *   0              4
 *   +--------------+---------- bundles ----------
 *   | bundle count | bundle | bundle | ...
 *   +--------------+-----------------------------
 * </pre>
 *
 * <p>Its root is the Merkle root over one leaf a bundle, of (bundle id, signature): 96 bytes. So the root fixes every
 * byte, and the same bundles are the same batch, whoever took them in. Immutable.
 */
public final class Batch {
    /** Bytes before the bundles. */
    public static final int HEADER_BYTES = 4;
    /** Most bundles of a batch. */
    public static final int MAX_BUNDLES = 65_536;

    private final byte[] bytes;
    private final int length;
    private final List<Bundle> bundles;
    private final int transactions;

    private Batch(final byte[] bytes, final int length, final List<Bundle> bundles,
                  final int transactions) {
        this.bytes = bytes;
        this.length = length;
        this.bundles = bundles;
        this.transactions = transactions;
    }

    /** Reads the batch that the first {@code length} bytes are; they are not copied. Empty if they are none. */
    public static Optional<Batch> parse(final byte[] bytes, final int length) {
        if (length < HEADER_BYTES || length > bytes.length) {
            return Optional.empty();
        }
        final WireReader in = new WireReader(bytes, 0, length);
        final int count = in.count(MAX_BUNDLES);
        final List<Bundle> bundles = new ArrayList<>(Math.min(count, length / Bundle.HEADER_BYTES));
        int position = HEADER_BYTES;
        int transactions = 0;
        for (int i = 0; i < count; i++) {
            final Optional<Bundle> bundle = Bundle.parse(bytes, position, length);
            if (bundle.isEmpty()) {
                return Optional.empty();
            }
            bundles.add(bundle.get());
            position += bundle.get().length();
            transactions += bundle.get().count();
        }
        return in.failed() || count == 0 || position != length
            ? Optional.empty() : Optional.of(new Batch(bytes, length, List.copyOf(bundles), transactions));
    }

    /** The array that holds it, from offset 0. */
    public byte[] array() {
        return bytes;
    }

    /** Its size in bytes. */
    public int length() {
        return length;
    }

    /** Its bundles in order. */
    public List<Bundle> bundles() {
        return bundles;
    }

    /** Number of transactions in all. */
    public int transactions() {
        return transactions;
    }
}
