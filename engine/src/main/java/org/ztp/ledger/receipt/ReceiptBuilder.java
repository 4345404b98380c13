package org.ztp.ledger.receipt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.ledger.state.StateProof;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;

/** Makes receipts from blocks of one chain. Owned by one thread. */
public final class ReceiptBuilder {
    private final TreeHasher hasher = new TreeHasher();
    private final BundleHasher bundles;

    /** A builder for a chain. */
    public ReceiptBuilder(final Hash chain) {
        bundles = new BundleHasher(chain);
    }

    /**
     * A receipt whose outcome is not proven (yet).
     *
     * @param block the final block
     * @param batch the batch at the position, its bundles identified
     * @param position where the transaction stands
     * @param outcomes the outcomes of the block
     * @param finality that the block is final
     */
    public Receipt build(final Block block, final Batch batch, final Position position, final List<Outcome> outcomes,
                         final Finality finality) {
        final MerkleTree batchTree = tree(leaves(batch), batch.bundles().size());
        final MerkleTree blockTree = tree(BlockRoot.leaves(hasher, block.batches()), block.batches().size());
        final Bundle bundle = batch.bundles().get(position.bundle());
        final Leaves leaves = new Leaves(bundle, position.transaction());
        final MerkleTree bundleTree = tree(leaves.hashes, bundle.count());
        final TransactionProof proof = new TransactionProof(position, leaves.transaction,
            MerklePath.of(bundleTree, position.transaction()), BundleHead.of(bundle, Hash.of(bundleTree.root())),
            MerklePath.of(batchTree, position.bundle()), block.batches().get(position.batch()),
            MerklePath.of(blockTree, position.batch()));
        final int told = indexOf(outcomes, position);
        final Outcome outcome = told >= 0 ? outcomes.get(told) : new Outcome(position.batch(), position.bundle(),
            position.transaction(), Outcome.Code.ACCEPTED, "");
        return new Receipt(proof, finality, outcome, Optional.empty());
    }

    /**
     * The same receipt with its outcome proven; as it was if its block does not tell of the outcome.
     *
     * @param receipt the receipt
     * @param outcomes the outcomes of its block
     * @param inState that the state which the later block's header names answers for them
     * @param later that a block above the receipt's is final
     */
    public Receipt prove(final Receipt receipt, final List<Outcome> outcomes, final StateProof inState,
                         final Finality later) {
        final int index = outcomes.indexOf(receipt.outcome());
        if (index < 0) {
            return receipt;
        }
        final MerkleTree tree = OutcomeRoot.tree(outcomes);
        return new Receipt(receipt.transaction(), receipt.finality(), receipt.outcome(), Optional.of(new OutcomeProof(
            index, outcomes.size(), Hash.of(tree.root()), MerklePath.of(tree, index), inState, later)));
    }

    private byte[] leaves(final Batch batch) {
        final byte[] leaves = new byte[Hash.BYTES * batch.bundles().size()];
        for (int i = 0; i < batch.bundles().size(); i++) {
            bundles.leaf(batch.bundles().get(i), leaves, Hash.BYTES * i);
        }
        return leaves;
    }

    private MerkleTree tree(final byte[] leaves, final int count) {
        return MerkleTree.of(hasher, leaves, 0, count);
    }

    private static int indexOf(final List<Outcome> outcomes, final Position position) {
        for (int i = 0; i < outcomes.size(); i++) {
            final Outcome outcome = outcomes.get(i);
            if (outcome.batch() == position.batch() && outcome.bundle() == position.bundle()
                && (outcome.transaction() == position.transaction()
                || outcome.transaction() == Outcome.WHOLE_BUNDLE)) {
                return i;
            }
        }
        return -1;
    }

    /** The leaf hashes of a bundle's transactions, and the bytes of one of them. */
    private final class Leaves {
        private final byte[] hashes;
        private byte[] transaction;

        Leaves(final Bundle bundle, final int wanted) {
            hashes = new byte[Hash.BYTES * bundle.count()];
            bundle.forEach((index, array, offset, length) -> {
                hasher.leaf(array, offset, length, hashes, Hash.BYTES * index);
                if (index == wanted) {
                    transaction = Arrays.copyOfRange(array, offset, offset + length);
                }
            });
        }
    }
}
