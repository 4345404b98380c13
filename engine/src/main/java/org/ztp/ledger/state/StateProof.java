package org.ztp.ledger.state;

import java.util.ArrayList;
import java.util.List;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * That a key has a value in the state of a digest.
 *
 * @param siblings hashes beside the path from the root down to the key's leaf, the root's child first; at most 256
 */
public record StateProof(List<Hash> siblings) {
    private static final int MAX_DEPTH = 256;

    /** Keeps the list as it is. */
    public StateProof {
        siblings = List.copyOf(siblings);
    }

    /** Whether it is a proof for this key and value under this digest. */
    public boolean verify(final Hash digest, final byte[] key, final byte[] value) {
        if (siblings.size() > MAX_DEPTH) {
            return false;
        }
        final TreeHasher hasher = new TreeHasher();
        final byte[] keyHash = Hash.sha256(key).toBytes();
        final byte[] hash = StateUpdate.leafHash(hasher, keyHash, Hash.sha256(value).toBytes());
        for (int depth = siblings.size() - 1; depth >= 0; depth--) {
            final byte[] sibling = siblings.get(depth).toBytes();
            if (StateTree.bit(keyHash, depth)) {
                hasher.node(sibling, 0, hash, 0, hash, 0);
            } else {
                hasher.node(hash, 0, sibling, 0, hash, 0);
            }
        }
        return digest.equals(Hash.of(hash));
    }

    /** Writes it: 2 bytes and 32 a sibling. */
    public void encode(final WireWriter out) {
        out.u16(siblings.size());
        siblings.forEach(out::hash);
    }

    /** Reads one; the reader fails if it is none. */
    public static StateProof decode(final WireReader in) {
        final int count = in.u16();
        in.require(count <= MAX_DEPTH);
        final List<Hash> siblings = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            siblings.add(in.hash());
        }
        return new StateProof(siblings);
    }
}
