package org.ztp.ledger.receipt;

import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * That a transaction stands in a block.
 *
 * @param position where
 * @param transaction its bytes
 * @param inBundle from the transaction to the bundle's root
 * @param bundle the bundle that holds it
 * @param inBatch from the bundle to the batch's root
 * @param batch the batch that holds the bundle
 * @param inBlock from the batch to the block's root
 */
public record TransactionProof(Position position, byte[] transaction, MerklePath inBundle, BundleHead bundle,
                               MerklePath inBatch, BatchRef batch, MerklePath inBlock) {
    /** The transaction's name in a chain: the bundle's id, a dot, the position in the bundle. */
    public String id(final Hash chain) {
        return bundle.id(chain) + "." + position.transaction();
    }

    void encode(final WireWriter out) {
        position.encode(out);
        out.bytes32(transaction);
        inBundle.encode(out);
        bundle.encode(out);
        inBatch.encode(out);
        batch.encode(out);
        inBlock.encode(out);
    }

    static TransactionProof decode(final WireReader in) {
        final TransactionProof proof = new TransactionProof(Position.decode(in), in.bytes32(Bundle.MAX_BODY_BYTES),
            MerklePath.decode(in), BundleHead.decode(in), MerklePath.decode(in), BatchRef.decode(in),
            MerklePath.decode(in));
        in.require(proof.transaction.length > 0);
        return proof;
    }
}
