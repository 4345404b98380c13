package org.ztp.privacy;

import org.ztp.crypto.Secrets;
import org.ztp.merkle.Sha256;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Commitments to chunk keys: {@code SHA-256(tag 16 | dataset nonce 32 | i u64 | K_i 32)}, 32 bytes. They are public; a
 * key is random, so nobody finds it from its commitment. Owned by one thread.
 */
public final class KeyCommitments {
    private static final int PREFIX_BYTES = 16 + Hash.BYTES + Long.BYTES;

    private final Hash nonce;
    private final Sha256 sha256 = new Sha256();
    private final WireWriter prefix = new WireWriter(PREFIX_BYTES);

    /**
     * @param nonce the dataset's public random nonce
     */
    public KeyCommitments(final Hash nonce) {
        this.nonce = nonce;
    }

    /** Writes the commitment to the key at {@code keyOffset}. */
    public void commit(final int chunk, final byte[] keys, final int keyOffset, final byte[] out, final int offset) {
        prefix.clear().raw(Label.KEY_COMMITMENT.tag()).hash(nonce).u64(chunk);
        sha256.update(prefix.array(), 0, prefix.size()).update(keys, keyOffset, KeyVector.ENTRY_BYTES)
            .digest(out, offset);
    }

    /** Whether the key at {@code keyOffset} is the one that was committed to. */
    public boolean matches(final int chunk, final byte[] keys, final int keyOffset, final Hash commitment) {
        final byte[] actual = new byte[Hash.BYTES];
        commit(chunk, keys, keyOffset, actual, 0);
        return Secrets.equal(actual, commitment.toBytes());
    }
}
