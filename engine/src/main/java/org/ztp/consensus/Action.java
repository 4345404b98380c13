package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;
import org.ztp.wire.Hash;

/** What a replica wants done; in the order given. */
public sealed interface Action {
    /** Send a message to one member. */
    record Send(int to, Message message) implements Action { }

    /** Send a message to all other members. */
    record Broadcast(Message message) implements Action { }

    /**
     * Make durable: first the records, in order, then the safety record; answer with {@link Event.Persisted}. Tickets rise
     * by one; several may be answered by the last one's.
     *
     * @param ticket number of this wish
     * @param records for the journal
     * @param safety the safety record's new bytes, if it changed
     */
    record Persist(long ticket, List<Entry> records, Optional<byte[]> safety) implements Action { }

    /** One record for the journal. */
    sealed interface Entry { }

    /** A batch. */
    record BatchEntry(BatchRef ref, Batch batch) implements Entry { }

    /** A block that may become final. */
    record BlockEntry(Block block) implements Entry { }

    /** A commit certificate: its block and all before it are final. */
    record CertificateEntry(Certificate certificate) implements Entry { }

    /** Tell a member of which state a snapshot can be sent to it, and keep that for a while. */
    record SendSnapshot(int to) implements Action { }

    /** Send a page of such a state to a member, if it is still kept. */
    record SendState(int to, Hash digest, StatePath at) implements Action { }

    /**
     * A snapshot is here, and all of it is what a quorum certified: make it durable, and let the replica go on from it in
     * a new life.
     */
    record SnapshotTaken(SnapshotHead head, StateTree state) implements Action { }

    /**
     * Check a batch: root, structure, and each bundle's signature; answer with {@link Event.BatchChecked}.
     *
     * @param from who sent it
     * @param ref what it was said to be
     * @param batch the bytes
     */
    record CheckBatch(int from, BatchRef ref, Batch batch) implements Action { }

    /** A block is final: tell clients, update indexes. Heights come in order, each once in a life. */
    record Finalized(FinalBlock block, Executed executed) implements Action { }

    /** Read final blocks from the journal and send them to a member that is behind. */
    record SendFinal(int to, long fromHeight) implements Action { }

    /** Read a batch from the journal, if it is there, and send it: it is no longer in memory. */
    record SendStoredBatches(int to, List<Hash> roots) implements Action { }

    /** A peer did what an honest one would not, or is out of reach: for the fault hook. */
    record Fault(int replica, Kind kind, String detail) implements Action {
        /** Kinds of trouble. */
        public enum Kind {
            /** A signature or certificate that does not verify. */
            BAD_SIGNATURE,
            /** A batch that does not fit what it was said to be, or holds a bad bundle. */
            BAD_BATCH,
            /** A proposal that breaks a rule. */
            BAD_PROPOSAL,
            /** Two proposals at one view and height. */
            EQUIVOCATION,
            /** A time-out certificate that tells of a lock which its sender does not show, nor anybody else did. */
            BAD_ENTRY,
            /** An epoch with a head that is not certified. */
            BAD_EPOCH,
            /** Final blocks that do not fit together. */
            BAD_BLOCKS,
            /** A snapshot that is not certified, or a page that is not of its state. */
            BAD_STATE,
            /** More than a limit allows. */
            OVER_LIMIT,
            /** A view ended without progress; the replica is its leader. */
            VIEW_TIMED_OUT
        }
    }

    /** A view was entered. */
    record ViewEntered(long view, int leader) implements Action { }
}
