package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

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

    private final int length;
    private final List<Bundle> bundles;
    private final int transactions;

    /** Takes the bytes of a batch behind its count, a run of bundles that lie side by side at a time. */
    @FunctionalInterface
    public interface RunVisitor {
        /** One run of bytes. */
        void run(byte[] array, int offset, int length);
    }

    private Batch(final int length, final List<Bundle> bundles, final int transactions) {
        this.length = length;
        this.bundles = bundles;
        this.transactions = transactions;
    }

    /**
     * The batch of some bundles, wherever their bytes lie; nothing is copied.
     *
     * @throws IllegalArgumentException if there are none, or more than a batch holds
     */
    public static Batch of(final List<Bundle> bundles) {
        long length = HEADER_BYTES;
        int transactions = 0;
        for (final Bundle bundle : bundles) {
            length += bundle.length();
            transactions += bundle.count();
        }
        if (bundles.isEmpty() || bundles.size() > MAX_BUNDLES || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no batch: bundles=" + bundles.size() + " bytes=" + length);
        }
        return new Batch((int) length, List.copyOf(bundles), transactions);
    }

    /** Reads the batch that the first {@code length} bytes are; they are not copied. Empty if they are none. */
    public static Optional<Batch> parse(final byte[] bytes, final int length) {
        return parse(bytes, 0, length);
    }

    /** Reads the batch that {@code length} bytes from an offset on are; they are not copied. Empty if they are none. */
    public static Optional<Batch> parse(final byte[] bytes, final int offset, final int length) {
        if (offset < 0 || length < HEADER_BYTES || length > bytes.length - offset) {
            return Optional.empty();
        }
        final WireReader in = new WireReader(bytes, offset, length);
        final int count = in.count(MAX_BUNDLES);
        final List<Bundle> bundles = new ArrayList<>(Math.min(count, length / Bundle.HEADER_BYTES));
        int position = offset + HEADER_BYTES;
        final int end = offset + length;
        int transactions = 0;
        for (int i = 0; i < count; i++) {
            final Optional<Bundle> bundle = Bundle.parse(bytes, position, end);
            if (bundle.isEmpty()) {
                return Optional.empty();
            }
            bundles.add(bundle.get());
            position += bundle.get().length();
            transactions += bundle.get().count();
        }
        return in.failed() || count == 0 || position != end
            ? Optional.empty() : Optional.of(new Batch(length, List.copyOf(bundles), transactions));
    }

    /** Shows the bytes behind the count, in order. */
    public void forEachRun(final RunVisitor visitor) {
        Bundle first = bundles.get(0);
        int size = 0;
        for (final Bundle bundle : bundles) {
            if (bundle.array() != first.array() || bundle.offset() != first.offset() + size) {
                visitor.run(first.array(), first.offset(), size);
                first = bundle;
                size = 0;
            }
            size += bundle.length();
        }
        visitor.run(first.array(), first.offset(), size);
    }

    /** Writes it. */
    public void encode(final WireWriter out) {
        out.u32(bundles.size());
        forEachRun(out::raw);
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
