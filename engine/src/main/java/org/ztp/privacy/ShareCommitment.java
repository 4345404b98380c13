package org.ztp.privacy;

import java.util.Objects;
import org.ztp.crypto.HkdfExpander;
import org.ztp.crypto.Secrets;
import org.ztp.merkle.InclusionProof;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * The commitment to one replica's vector of shares: an RFC 6962 tree with a leaf {@code salt 32 | share 32} for each
 * chunk, where {@code salt_i = HKDF-Expand(salt seed, tag 16 | i u64)}. The root is public and says nothing about the
 * shares; the salt seed travels in the replica's {@link ShareBox}. The share of an opener is a vector of one.
 * {@link #close()} overwrites the salts; the shares are somebody else's.
 */
public final class ShareCommitment implements AutoCloseable {
    /** Length of a salt, and of the seed of all salts of a vector: 32 bytes. */
    public static final int SALT_BYTES = 32;
    static final int LEAF_BYTES = SALT_BYTES + KeyVector.ENTRY_BYTES;

    private final byte[] shares;
    private final byte[] salts;
    private final MerkleTree tree;

    private ShareCommitment(final byte[] shares, final byte[] salts, final MerkleTree tree) {
        this.shares = shares;
        this.salts = salts;
        this.tree = tree;
    }

    /**
     * Commits to a vector.
     *
     * @param saltSeed 32 random bytes
     * @param shares   the vector; not copied, and needed as long as openings are made
     */
    public static ShareCommitment of(final byte[] saltSeed, final byte[] shares) {
        final int entries = KeyVector.entries(shares);
        final byte[] salts = new byte[entries * SALT_BYTES];
        final byte[] leaves = new byte[entries * Hash.BYTES];
        final byte[] leaf = new byte[LEAF_BYTES];
        final TreeHasher hasher = new TreeHasher();
        final WireWriter info = new WireWriter();
        try (HkdfExpander expander = new HkdfExpander(saltSeed)) {
            for (int i = 0; i < entries; i++) {
                expander.expand(info.clear().raw(Label.SHARE_SALT.tag()).u64(i).toBytes(), salts, i * SALT_BYTES,
                    SALT_BYTES);
                System.arraycopy(salts, i * SALT_BYTES, leaf, 0, SALT_BYTES);
                System.arraycopy(shares, KeyVector.offset(i), leaf, SALT_BYTES, KeyVector.ENTRY_BYTES);
                hasher.leaf(leaf, 0, LEAF_BYTES, leaves, i * Hash.BYTES);
            }
        } finally {
            Secrets.zero(leaf);
        }
        return new ShareCommitment(shares, salts, MerkleTree.of(hasher, leaves, 0, entries));
    }

    /** The root, 32 bytes: what the transaction holds. */
    public Hash root() {
        return Hash.of(tree.root());
    }

    /** The number of shares. */
    public int entries() {
        return tree.size();
    }

    /** Shows one share in such a way that whoever knows the root can check it. */
    public ShareOpening open(final int chunk) {
        Objects.checkIndex(chunk, entries());
        final byte[] leaf = new byte[LEAF_BYTES];
        System.arraycopy(salts, chunk * SALT_BYTES, leaf, 0, SALT_BYTES);
        System.arraycopy(shares, KeyVector.offset(chunk), leaf, SALT_BYTES, KeyVector.ENTRY_BYTES);
        return new ShareOpening(chunk, leaf, InclusionProof.prove(tree, chunk));
    }

    /** Overwrites the salts: what is opened after this is not what was committed to. */
    @Override
    public void close() {
        Secrets.zero(salts);
    }
}
