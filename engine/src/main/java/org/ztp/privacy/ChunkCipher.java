package org.ztp.privacy;

import java.util.Objects;
import org.ztp.crypto.AesGcm;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Encrypts and decrypts the chunks of one dataset with AES-256-GCM; nothing of a chunk's size is allocated. A chunk is
 * encrypted piece by piece, and decrypted as a whole: no plain byte may be used before the tag is found good. Owned by one
 * thread.
 *
 * <p>Each encryption makes a new random key, so no key ever encrypts twice and a nonce of zeros is right. The
 * associated data are {@code dataset nonce 32 | chunk u64 | chunks u64 | plain length u64}: a chunk cannot be moved,
 * left out at the end, or taken from another dataset.
 */
public final class ChunkCipher {
    /** A ciphertext is longer than its chunk by 16 bytes. */
    public static final int OVERHEAD_BYTES = AesGcm.TAG_BYTES;

    private static final byte[] ZERO_NONCE = new byte[AesGcm.NONCE_BYTES];
    private static final int ASSOCIATED_BYTES = Hash.BYTES + 3 * Long.BYTES;

    private final Hash nonce;
    private final int chunks;
    private final AesGcm gcm = new AesGcm();
    private final byte[] key = new byte[AesGcm.KEY_BYTES];
    private final WireWriter associatedData = new WireWriter(ASSOCIATED_BYTES);

    /**
     * @param nonce  the dataset's public random nonce
     * @param chunks number of the dataset's chunks, 1 .. 2^20
     */
    public ChunkCipher(final Hash nonce, final int chunks) {
        Objects.checkIndex(chunks - 1, KeyVector.MAX_CHUNKS);
        this.nonce = nonce;
        this.chunks = chunks;
    }

    /**
     * Begins to encrypt a chunk under a new key.
     *
     * @param chunk      its number
     * @param length     its length in bytes
     * @param keys       the vector that takes the key, at entry {@code chunk}
     * @param randomness where the key comes from
     */
    public void begin(final int chunk, final int length, final byte[] keys, final Randomness randomness) {
        Objects.checkIndex(chunk, chunks);
        randomness.fill(key, 0, key.length);
        try {
            System.arraycopy(key, 0, keys, KeyVector.offset(chunk), key.length);
            gcm.begin(key, ZERO_NONCE, associatedData(chunk, length), length);
        } finally {
            Secrets.zero(key);
        }
    }

    /**
     * Encrypts the next piece of the chunk.
     *
     * @param plain  holds it from 0 on
     * @param length its length in bytes
     * @param out    takes {@code length + 16} bytes at most, from 0 on; another array than {@code plain}
     * @return how many bytes were written
     */
    public int update(final byte[] plain, final int length, final byte[] out) {
        return gcm.update(plain, 0, length, out);
    }

    /**
     * Ends the chunk: with all that was written before, its ciphertext is longer than it by {@value #OVERHEAD_BYTES} bytes.
     *
     * @param out takes 32 bytes at most, from 0 on
     * @return how many bytes were written
     */
    public int finish(final byte[] out) {
        return gcm.finish(out);
    }

    /**
     * Decrypts a chunk.
     *
     * @param chunk     its number
     * @param keys      holds its key
     * @param keyOffset index of the key's first byte
     * @param sealed    holds the ciphertext from 0 on
     * @param length    its length in bytes
     * @param out       takes {@code length - 16} bytes from {@code outOffset} on; another array than {@code sealed}
     * @param outOffset index of the first of them
     * @return the length of the chunk, or -1 when this is not that chunk's ciphertext: then {@code out} holds zeros
     *             there
     */
    public int decrypt(final int chunk, final byte[] keys, final int keyOffset, final byte[] sealed, final int length,
                       final byte[] out, final int outOffset) {
        if (chunk < 0 || chunk >= chunks || length < OVERHEAD_BYTES) {
            return -1;
        }
        System.arraycopy(keys, keyOffset, key, 0, key.length);
        try {
            return gcm.decrypt(key, ZERO_NONCE, associatedData(chunk, length - OVERHEAD_BYTES), sealed, 0, length, out,
                outOffset);
        } finally {
            Secrets.zero(key);
        }
    }

    private byte[] associatedData(final int chunk, final int length) {
        return associatedData.clear().hash(nonce).u64(chunk).u64(chunks).u64(length).toBytes();
    }
}
