package org.ztp.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.wire.Hash;

/** The keys of the tables. */
final class IndexKeys {
    /** Size of what stands behind an entity or a dataset: height and position. */
    static final int PLACE_BYTES = 8 + 4 + 4 + 4;
    /** Size of the key of a submission's bundle. */
    static final int SUBMISSION_BYTES = Hash.BYTES + Bundle.SUBMISSION_BYTES + Long.BYTES;
    private static final int SEQUENCE_AT = SUBMISSION_BYTES - Long.BYTES;
    /** The key of the block that was applied last. */
    static final byte[] APPLIED = {0};
    /** The key of the height at which an epoch was named last. */
    static final byte[] EPOCH = {1};

    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private IndexKeys() {
    }

    static byte[] height(final long height) {
        return ByteBuffer.allocate(8).putLong(height).array();
    }

    static byte[] proof(final long height) {
        return ByteBuffer.allocate(9).putLong(height).array();
    }

    static byte[] submission(final Hash client, final byte[] submission, final long sequence) {
        return ByteBuffer.allocate(Hash.BYTES + submission.length + 8)
            .put(client.toBytes()).put(submission).putLong(sequence).array();
    }

    /** Writes the same key of a bundle into an array of {@value #SUBMISSION_BYTES} bytes. */
    static void submission(final Bundle bundle, final byte[] key) {
        // Client key and submission stand side by side in front of a bundle too.
        System.arraycopy(bundle.array(), bundle.offset(), key, 0, SEQUENCE_AT);
        U64.set(key, SEQUENCE_AT, bundle.sequence());
    }

    /** Whether such a key is of the same client and submission as another. */
    static boolean isOfSubmission(final byte[] key, final byte[] other) {
        return isOfSubmission(key, other, 0);
    }

    /** Whether such a key is of the client and submission of a bundle. */
    static boolean isOfSubmission(final byte[] key, final Bundle bundle) {
        return isOfSubmission(key, bundle.array(), bundle.offset());
    }

    private static boolean isOfSubmission(final byte[] key, final byte[] other, final int at) {
        return key.length == SUBMISSION_BYTES && Arrays.equals(key, 0, SEQUENCE_AT, other, at, at + SEQUENCE_AT);
    }

    /** The sequence of such a key. */
    static long sequence(final byte[] key) {
        return (long) U64.get(key, SEQUENCE_AT);
    }

    /** What all keys of an entity start with. */
    static byte[] entity(final String entity) {
        final byte[] utf8 = entity.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + utf8.length).putShort((short) utf8.length).put(utf8).array();
    }

    /** The key of a transaction under an entity's or a dataset's beginning. */
    static byte[] place(final byte[] beginning, final long height, final Position position) {
        return ByteBuffer.allocate(beginning.length + PLACE_BYTES).put(beginning).putLong(height)
            .putInt(position.batch()).putInt(position.bundle()).putInt(position.transaction()).array();
    }

    /** The transaction that such a key names. */
    static TransactionPlace place(final byte[] key) {
        final ByteBuffer in = ByteBuffer.wrap(key, key.length - PLACE_BYTES, PLACE_BYTES);
        return new TransactionPlace(in.getLong(), new Position(in.getInt(), in.getInt(), in.getInt()));
    }
}
