package org.ztp.release;

import java.util.Optional;
import org.ztp.accumulate.Accumulation;
import org.ztp.accumulate.AccumulationAction;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.wire.Hash;

/**
 * One gateway's call for this replica's shares, under way.
 *
 * @param gateway who called
 * @param id of the round
 * @param request what is released
 * @param terms digest of the gateway's terms
 * @param work what is to be done once the ledger allows it
 * @param deadlineNs when it is dropped
 * @param look the question to this replica's ledger
 * @param made the contribution, or the sealed shares, when they are made and wait for the ledger's word that they may leave
 * @param sum what is to be sent to the parent in the tree, when it is together and waits for that word
 */
record ShareCall(int gateway, Hash id, TransactionId request, Hash terms, Work work, long deadlineNs,
                 LedgerLook look, Optional<byte[]> made, Optional<AccumulationAction.Send<byte[]>> sum) {
    ShareCall(final int gateway, final Hash id, final TransactionId request, final Hash terms, final Work work,
              final long deadlineNs, final LedgerLook look) {
        this(gateway, id, request, terms, work, deadlineNs, look, Optional.empty(), Optional.empty());
    }

    /** The same when its work is done. */
    ShareCall with(final byte[] done) {
        return new ShareCall(gateway, id, request, terms, work, deadlineNs, look, Optional.of(done), sum);
    }

    /** The same when the sum is together, to be dropped at another time. */
    ShareCall with(final AccumulationAction.Send<byte[]> together, final long untilNs) {
        return new ShareCall(gateway, id, request, terms, work, untilNs, look, made, Optional.of(together));
    }

    /** What is to be done. */
    sealed interface Work {
        /** Number of the attempt. */
        int attempt();

        /** Bytes that are held for it. */
        long bytes();
    }

    /**
     * A contribution to a sum.
     *
     * @param tree this replica's part in the tree; empty at the gateway itself, whose round has it
     */
    record Summed(Call call, Optional<Accumulation<byte[]>> tree) implements Work {
        @Override
        public int attempt() {
            return call.plan().attempt();
        }

        @Override
        public long bytes() {
            return call.vectorBytes();
        }
    }

    /** Shares sent singly. */
    record Single(SinglyCall call) implements Work {
        @Override
        public int attempt() {
            return 0;
        }

        @Override
        public long bytes() {
            return ReleaseLimits.sealedBytesAtMost(part().count());
        }

        ChunkRange part() {
            return call.part();
        }
    }
}
