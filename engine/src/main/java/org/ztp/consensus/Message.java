package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.StatePath;
import org.ztp.wire.Hash;

/** What replicas of a group say to each other about the order of blocks. Encoded by {@link MessageCodec}. */
public sealed interface Message {
    /** Here is a batch. */
    record BatchHere(BatchRef ref, Batch batch) implements Message { }

    /** The leader proposes. */
    record Proposed(Proposal proposal) implements Message { }

    /**
     * A vote.
     *
     * @param phase which phase
     * @param view the view voted in
     * @param height the block's height
     * @param block the block's hash
     * @param signature the voter's, 64 bytes; the voter is the sender
     */
    record Vote(Phase phase, long view, long height, Hash block, byte[] signature) implements Message { }

    /** Here is a certificate of either phase. */
    record Certified(Certificate certificate) implements Message { }

    /**
     * The view is out of time.
     *
     * @param vote the signed word
     * @param high the sender's highest prepare certificate, of the rank that the vote tells
     * @param entry what opened the sender's view, for those who are behind
     */
    record TimedOut(TimeoutVote vote, Certificate high, Optional<TimeoutCertificate> entry) implements Message { }

    /**
     * For those who are behind.
     *
     * @param entry what opened the sender's view
     * @param high the sender's highest prepare certificate
     */
    record Opened(TimeoutCertificate entry, Certificate high) implements Message { }

    /** Please send these batches. */
    record WantBatches(List<Hash> roots) implements Message {
        /** Most batches asked for at once. */
        public static final int MAX = 1024;
    }

    /** Please send a block that is certified but not here. */
    record WantBlock(Hash block) implements Message { }

    /** Here is a block that may not be final. */
    record BlockHere(Block block) implements Message { }

    /** Please send final blocks from this height on. */
    record WantFinal(long fromHeight) implements Message { }

    /**
     * Here are final blocks in order.
     *
     * @param blocks the blocks; the last one has a certificate, unless what follows says that it is final
     * @param above headers of the blocks above the last one up to one with a commit certificate
     */
    record FinalBlocks(List<FinalBlock> blocks, Optional<Finality> above) implements Message {
        /** Most blocks sent at once. */
        public static final int MAX = 256;

        /** Blocks of which the last one has a certificate. */
        public FinalBlocks(final List<FinalBlock> blocks) {
            this(blocks, Optional.empty());
        }
    }

    /**
     * Where the sender stands; also its heartbeat.
     *
     * @param view its view
     * @param finalHeight height of its last final block
     * @param highView view of its lock
     * @param highHeight height of its lock
     * @param mute whether it lost its safety record and may not vote yet
     * @param gap whether it goes on from a snapshot and does not have all blocks below that yet
     */
    record Status(long view, long finalHeight, long highView, long highHeight, boolean mute, boolean gap)
        implements Message { }

    /** Please tell of which state you can send a snapshot. */
    record WantSnapshot() implements Message { }

    /** Of this one. */
    record SnapshotHere(SnapshotHead head) implements Message { }

    /**
     * Please send a page of a state.
     *
     * @param digest of the state
     * @param at the subtree
     */
    record WantState(Hash digest, StatePath at) implements Message { }

    /**
     * Here is a page of a state.
     *
     * @param digest of the state
     * @param at the subtree
     * @param page at most {@value #PAGE_BYTES_MAX} bytes
     */
    record StateHere(Hash digest, StatePath at, byte[] page) implements Message {
        /** How long pages are, about. */
        public static final int PAGE_BYTES = 1 << 20;
        /** Longest page: one value may be longer than others. */
        public static final int PAGE_BYTES_MAX = 8 << 20;
    }

    /**
     * The sender has lost its safety record: in which view are you?
     *
     * @param nonce for the answer; so an answer to an earlier question is none to this one
     */
    record AskView(long nonce) implements Message { }

    /**
     * The answer, by a replica that has not lost its record, or has regained its lock.
     *
     * @param nonce the question's
     * @param view the sender's view
     */
    record ViewIs(long nonce, long view) implements Message { }
}
