package org.ztp.audit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.contract.transaction.Publish;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.StateMachine;
import org.ztp.wire.Hash;

/**
 * The final blocks of one sub-cluster, whichever journals they came from, and the state that comes of executing them
 * from the genesis on. Each is executed once. 32 bytes are kept of a block. Owned by the verifying thread.
 */
final class FinalChain {
    /**
     * A dataset that a final transaction published.
     *
     * @param id its id
     * @param height of the block
     * @param blobs 32 bytes a chunk: SHA-256 of its ciphertext
     */
    record Published(Hash id, long height, byte[] blobs) { }

    private static final int PAGE = 1 << 15;

    private final Hash chain;
    private final StateMachine machine;
    private final List<Published> datasets = new ArrayList<>();
    private final Map<Long, Hash> beyond = new HashMap<>();
    /** Hashes of the executed blocks, {@value #PAGE} a page. */
    private final List<byte[]> hashes = new ArrayList<>();
    private long height;
    private long highest;
    private long transactions;
    private LedgerState state;

    FinalChain(final Hash chain, final StateMachine machine) {
        this.chain = chain;
        this.machine = machine;
        state = machine.genesis();
    }

    /** The final block at a height of 1 or more; empty if none is known. */
    Optional<Hash> at(final long wanted) {
        return wanted <= height ? Optional.of(Hash.copyOf(hashes.get((int) ((wanted - 1) / PAGE)), offset(wanted - 1)))
            : Optional.ofNullable(beyond.get(wanted));
    }

    private static int offset(final long index) {
        return (int) (index % PAGE) * Hash.BYTES;
    }

    /** Whether a block follows what was executed. */
    boolean isNext(final Block block) {
        return block.height() == height + 1 && block.header().parent().equals(tip());
    }

    /** Notes that a block is final which cannot be executed now. */
    void note(final long at, final Hash block) {
        beyond.put(at, block);
        highest = Math.max(highest, at);
    }

    /** Executes a block that {@link #isNext}. */
    void execute(final Block block, final List<Batch> batches) {
        final StateMachine.Executed executed = machine.execute(state, block, batches);
        state = executed.after();
        if (height % PAGE == 0) {
            hashes.add(new byte[PAGE * Hash.BYTES]);
        }
        block.hash().copyTo(hashes.get((int) (height / PAGE)), offset(height));
        height++;
        highest = Math.max(highest, height);
        beyond.remove(block.height());
        transactions += block.header().transactions();
        final Map<Bundle, BitSet> accepted = new LinkedHashMap<>();
        executed.outcomes().stream().filter(outcome -> outcome.code() == Outcome.Code.ACCEPTED).forEach(outcome ->
            accepted.computeIfAbsent(batches.get(outcome.batch()).bundles().get(outcome.bundle()), bundle -> new BitSet())
                .set(outcome.transaction()));
        accepted.forEach((bundle, transactions) -> publications(block, bundle, transactions));
    }

    private void publications(final Block block, final Bundle bundle, final BitSet accepted) {
        bundle.forEach((index, array, offset, length) -> {
            if (accepted.get(index) && array[offset] == Publish.KIND) {
                Publish.parse(array, offset, length).ifPresent(publish -> datasets.add(new Published(
                    Publish.id(chain, bundle.client(), publish.nonce()), block.height(), publish.blobs())));
            }
        });
    }

    /** Digest of the state after the last executed block. */
    Hash stateDigest() {
        return state.digest();
    }

    /** The last executed block; the chain's name if there is none. */
    Hash tip() {
        return height == 0 ? chain : at(height).orElseThrow();
    }

    /** Height up to which all blocks were executed. */
    long height() {
        return height;
    }

    /** The highest final block that is known. */
    long highest() {
        return highest;
    }

    long transactions() {
        return transactions;
    }

    List<Published> datasets() {
        return datasets;
    }
}
