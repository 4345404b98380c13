package org.ztp.ledger.receipt;

import org.ztp.merkle.InclusionProof;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * An RFC 6962 inclusion proof as a receipt holds it.
 *
 * @param hashes 32 bytes each, the leaf's sibling first, at most 31
 */
public record MerklePath(byte[] hashes) {
    private static final int MAX_HASHES = 31;

    static MerklePath of(final MerkleTree tree, final int index) {
        return new MerklePath(InclusionProof.prove(tree, index));
    }

    boolean leads(final TreeHasher hasher, final byte[] leafHash, final int index, final int size, final Hash root) {
        return InclusionProof.verify(hasher, index, size, leafHash, hashes, root.toBytes());
    }

    void encode(final WireWriter out) {
        out.u8(hashes.length / Hash.BYTES).raw(hashes);
    }

    static MerklePath decode(final WireReader in) {
        final int count = in.u8();
        in.require(count <= MAX_HASHES);
        return new MerklePath(in.raw(count * Hash.BYTES));
    }
}
