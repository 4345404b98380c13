package org.ztp.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.ztp.wire.Hash;

/**
 * One or more transactions signed once by one client, as a view on bytes that hold them.
 *
 * <pre>
 *   0                  32              48         56      60          64            128
 *   +------------------+---------------+----------+-------+-----------+-------------+-- body --------------------
 *   | client key       | submission    | sequence | count | body size | signature   | count x (size u32, transaction)
 *   +------------------+---------------+----------+-------+-----------+-------------+----------------------------
 * </pre>
 *
 * <p>The signature is over 140 bytes: domain, chain, client key, submission, sequence, count and the Merkle root of the
 * transactions; the bundle's id is the SHA-256 of the same bytes. (client key, submission, sequence) makes a submission
 * exactly-once. Transaction i of a bundle is named {@code <id>.<i>}. Immutable once {@link #id} is set by its verifier.
 */
public final class Bundle {
    /** Bytes before the body. */
    public static final int HEADER_BYTES = 128;
    /** Size of a submission's name. */
    public static final int SUBMISSION_BYTES = 16;
    /** Offset of the signature. */
    public static final int SIGNATURE_OFFSET = 64;
    /** Size of what is signed. */
    public static final int SIGNED_BYTES = 140;
    /** Most transactions of a bundle. */
    public static final int MAX_TRANSACTIONS = 65_536;
    /** Most bytes of a body. */
    public static final int MAX_BODY_BYTES = 64 << 20;
    private static final int SEQUENCE_OFFSET = 48;
    private static final int COUNT_OFFSET = 56;
    private static final int BODY_SIZE_OFFSET = 60;
    private static final VarHandle U64 =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 =
        MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Takes the transactions of a bundle one after another. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One transaction.
         *
         * @param index position in the bundle
         * @param array holds it
         * @param offset where it starts
         * @param length its size, 1 or more
         */
        void transaction(int index, byte[] array, int offset, int length);
    }

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final int count;
    private final long sequence;
    private final boolean plain;
    private Hash id = Hash.ZERO;

    private Bundle(final byte[] bytes, final int offset, final int length, final int count, final long sequence,
                   final boolean plain) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.count = count;
        this.sequence = sequence;
        this.plain = plain;
    }

    /**
     * Reads the bundle that starts at an offset and ends before or at a limit; its bytes are not copied.
     *
     * @return empty if the bytes are no bundle: sizes that do not fit, no transactions, an empty transaction
     */
    public static Optional<Bundle> parse(final byte[] bytes, final int offset, final int limit) {
        if (limit - offset < HEADER_BYTES) {
            return Optional.empty();
        }
        final long sequence = (long) U64.get(bytes, offset + SEQUENCE_OFFSET);
        final int count = (int) U32.get(bytes, offset + COUNT_OFFSET);
        final int bodyBytes = (int) U32.get(bytes, offset + BODY_SIZE_OFFSET);
        if (sequence < 0 || count <= 0 || count > MAX_TRANSACTIONS || bodyBytes < 0 || bodyBytes > MAX_BODY_BYTES
            || bodyBytes > limit - offset - HEADER_BYTES) {
            return Optional.empty();
        }
        int position = offset + HEADER_BYTES;
        final int end = position + bodyBytes;
        boolean plain = true;
        for (int i = 0; i < count; i++) {
            final int size = end - position < 4 ? 0 : (int) U32.get(bytes, position);
            if (size <= 0 || size > end - position - 4) {
                return Optional.empty();
            }
            plain = plain && RecordTransaction.isPlain(bytes, position + 4, size);
            position += 4 + size;
        }
        return position != end ? Optional.empty()
            : Optional.of(new Bundle(bytes, offset, HEADER_BYTES + bodyBytes, count, sequence, plain));
    }

    /** The array that holds it. */
    public byte[] array() {
        return bytes;
    }

    /** Where it starts in the array. */
    public int offset() {
        return offset;
    }

    /** Its size, header and body. */
    public int length() {
        return length;
    }

    /** Number of transactions. */
    public int count() {
        return count;
    }

    /** Position in the client's submission, 0 or more. */
    public long sequence() {
        return sequence;
    }

    /** The client's Ed25519 key. */
    public Hash client() {
        return Hash.copyOf(bytes, offset);
    }

    /** The 16 bytes that name the submission. */
    public byte[] submission() {
        return Arrays.copyOfRange(bytes, offset + Hash.BYTES, offset + Hash.BYTES + SUBMISSION_BYTES);
    }

    /** Whether all transactions are well-formed RECORDs without an entity: then nobody needs to look at them again. */
    public boolean isPlain() {
        return plain;
    }

    /** Shows every transaction, in order; allocates nothing. */
    public void forEach(final Visitor visitor) {
        int position = offset + HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            final int size = (int) U32.get(bytes, position);
            visitor.transaction(i, bytes, position + 4, size);
            position += 4 + size;
        }
    }

    /** Its id; zero until a verifier has computed it. */
    public Hash id() {
        return id;
    }

    /** Set once by who hashed the transactions. */
    public void identify(final Hash computed) {
        id = computed;
    }
}
