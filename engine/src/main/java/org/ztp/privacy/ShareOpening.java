package org.ztp.privacy;

import java.util.Arrays;
import java.util.Optional;
import org.ztp.crypto.Secrets;
import org.ztp.merkle.InclusionProof;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * One share with the proof that it is the one its replica was given: sent, sealed to the seeker, when an accumulated
 * release turned out wrong. A share whose proof does not lead to the committed root names its sender. It is secret
 * until the seeker is done; {@link #close()} overwrites it.
 *
 * <pre>
 *   chunk u32 | salt 32 | share 32 | path length in hashes u8 | path, 32 bytes each, 0 .. 20 of them
 * </pre>
 */
public final class ShareOpening implements AutoCloseable {
    /** Longest path: 2^20 chunks. */
    public static final int MAX_PATH_HASHES = 20;

    private final int chunk;
    private final byte[] leaf;
    private final byte[] path;

    ShareOpening(final int chunk, final byte[] leaf, final byte[] path) {
        this.chunk = chunk;
        this.leaf = leaf;
        this.path = path;
    }

    /** The number of the chunk. */
    public int chunk() {
        return chunk;
    }

    /** Writes the share, 32 bytes. */
    public void copyShare(final byte[] out, final int offset) {
        System.arraycopy(leaf, ShareCommitment.SALT_BYTES, out, offset, KeyVector.ENTRY_BYTES);
    }

    /**
     * Whether this is the committed share.
     *
     * @param root    what was committed to
     * @param entries length of the committed vector
     */
    public boolean matches(final Hash root, final int entries) {
        final TreeHasher hasher = new TreeHasher();
        final byte[] leafHash = new byte[Hash.BYTES];
        hasher.leaf(leaf, 0, leaf.length, leafHash, 0);
        return InclusionProof.verify(hasher, chunk, entries, leafHash, path, root.toBytes());
    }

    /** The bytes, which the caller seals and then overwrites. */
    public byte[] encode() {
        return new WireWriter(Integer.BYTES + leaf.length + 1 + path.length).u32(chunk).raw(leaf)
            .u8(path.length / Hash.BYTES).raw(path).toBytes();
    }

    /** Reads what {@link #encode} wrote; empty when the bytes are nothing of the kind. */
    public static Optional<ShareOpening> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        final int chunk = in.count(KeyVector.MAX_CHUNKS - 1);
        final byte[] leaf = in.raw(ShareCommitment.LEAF_BYTES);
        final int hashes = in.u8();
        in.require(hashes <= MAX_PATH_HASHES);
        final byte[] path = in.raw(hashes * Hash.BYTES);
        return in.finished() ? Optional.of(new ShareOpening(chunk, leaf, path)) : Optional.empty();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ShareOpening opening && chunk == opening.chunk && Secrets.equal(leaf, opening.leaf)
            && Arrays.equals(path, opening.path);
    }

    @Override
    public int hashCode() {
        return 31 * chunk + Arrays.hashCode(path);
    }

    /** Names the chunk only. */
    @Override
    public String toString() {
        return "ShareOpening[chunk=" + chunk + "]";
    }

    @Override
    public void close() {
        Secrets.zero(leaf);
    }
}
