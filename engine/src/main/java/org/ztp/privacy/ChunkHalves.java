package org.ztp.privacy;

import java.util.Objects;
import org.ztp.crypto.HkdfExpander;
import org.ztp.crypto.Secrets;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * The second halves of a dataset's chunk keys, all from the owner's master secret:
 * {@code B_i = HKDF-Expand(master secret, tag 16 | dataset nonce 32 | i u64)}, 32 bytes. The first half is what is
 * missing to the key: {@code A_i = K_i xor B_i}. Owned by one thread; {@link #close()} overwrites what it holds.
 */
public final class ChunkHalves implements AutoCloseable {
    /** Length of a master secret: 32 bytes. */
    public static final int MASTER_SECRET_BYTES = 32;

    private final HkdfExpander expander;
    private final WireWriter info = new WireWriter();
    private final Hash nonce;

    /**
     * @param masterSecret 32 random bytes; copied
     * @param nonce        the dataset's public random nonce
     */
    public ChunkHalves(final byte[] masterSecret, final Hash nonce) {
        if (masterSecret.length != MASTER_SECRET_BYTES) {
            throw new IllegalArgumentException("master secret length: expected=32 actual=" + masterSecret.length);
        }
        expander = new HkdfExpander(masterSecret);
        this.nonce = nonce;
    }

    /** Writes the second half of a chunk, 32 bytes. */
    public void second(final int chunk, final byte[] out, final int offset) {
        Objects.checkIndex(chunk, KeyVector.MAX_CHUNKS);
        info.clear().raw(Label.SECOND_HALF.tag()).hash(nonce).u64(chunk);
        expander.expand(info.toBytes(), out, offset, KeyVector.ENTRY_BYTES);
    }

    /** Turns the key of a chunk into its first half, in place, 32 bytes at {@code offset}; and the other way round. */
    public void keyToFirst(final int chunk, final byte[] vector, final int offset) {
        final byte[] second = new byte[KeyVector.ENTRY_BYTES];
        second(chunk, second, 0);
        GaloisField256.add(vector, offset, KeyVector.ENTRY_BYTES, second, 0);
        Secrets.zero(second);
    }

    /** The vector of the second halves of chunks {@code first} .. {@code first + count - 1}. */
    public byte[] seconds(final int first, final int count) {
        Objects.checkFromIndexSize(first, count, KeyVector.MAX_CHUNKS);
        final byte[] vector = new byte[count * KeyVector.ENTRY_BYTES];
        for (int i = 0; i < count; i++) {
            second(first + i, vector, KeyVector.offset(i));
        }
        return vector;
    }

    /** Joins the vectors of both halves to that of the keys, in place of the first. */
    public static void join(final byte[] firsts, final byte[] seconds) {
        if (firsts.length != seconds.length) {
            throw new IllegalArgumentException("halves: first=" + firsts.length + " second=" + seconds.length
                + " bytes");
        }
        GaloisField256.add(firsts, 0, firsts.length, seconds, 0);
    }

    @Override
    public void close() {
        expander.close();
    }
}
