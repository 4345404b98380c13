package org.ztp.ledger.receipt;

import java.util.ArrayList;
import java.util.List;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.SampleRules;
import org.ztp.wire.Hash;

/** A chain of four replicas with Ed25519 keys of fixed seeds, executed as it grows. */
public final class SampleChain {
    public static final int QUORUM = 3;
    private final List<SigningKey> keys = new ArrayList<>();
    private final Executor executor = new Executor(new SampleRules());
    public final List<Block> blocks = new ArrayList<>();
    public final List<List<Batch>> batches = new ArrayList<>();
    public final List<Executed> executed = new ArrayList<>();

    public SampleChain() {
        for (int i = 0; i < 4; i++) {
            keys.add(SigningKey.ofSeed(Hash.sha256(Samples.utf8("replica " + i)).toBytes()));
        }
    }

    public Voters voters() {
        return new Voters(Samples.CHAIN, 0, List.of(0, 1, 2, 3), QUORUM,
            (replica, message, signature) -> keys.get(replica).verifyKey().verify(signature, message));
    }

    /** Appends a block of batches and executes it. */
    public Block append(final Batch... content) {
        final Block block = Samples.block(blocks.size() + 1,
            blocks.isEmpty() ? Samples.CHAIN : blocks.get(blocks.size() - 1).hash(), state().digest(), content);
        batches.add(List.of(content));
        executed.add(executor.execute(state(), block, List.of(content)));
        blocks.add(block);
        return block;
    }

    /** The state after the last block. */
    public BlockState state() {
        return executed.isEmpty() ? executor.genesis() : (BlockState) executed.get(executed.size() - 1).after();
    }

    /** The state after the block at a height. */
    public BlockState state(final int height) {
        return (BlockState) executed.get(height - 1).after();
    }

    /** A certificate by these replicas for the block at a height. */
    public Certificate certificate(final Phase phase, final int height, final int... replicas) {
        final Block block = blocks.get(height - 1);
        final byte[] message = Certificate.votedBytes(Samples.CHAIN, 0, phase, height, height, block.hash());
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (final int replica : replicas) {
            votes.add(new Certificate.Signature(replica, sign(replica, message)));
        }
        return new Certificate(phase, height, height, block.hash(), votes);
    }

    /** A replica's signature. */
    public byte[] sign(final int replica, final byte[] message) {
        return keys.get(replica).sign(message);
    }

    /** That the block at a height is final, by the certificate of one at or above it. */
    public Finality finality(final int height, final int certified) {
        final List<BlockHeader> headers = blocks.subList(height - 1, certified).stream().map(Block::header).toList();
        return new Finality(headers, certificate(Phase.COMMIT, certified, 0, 1, 3));
    }
}
