package org.ztp.client;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;

/** What a client asks of the service. */
public sealed interface ServiceRequest {
    /** Longest entity id, bytes of UTF-8. */
    int MAX_ENTITY_BYTES = 1024;
    /** Most entries of one page of the log. */
    int MAX_LOG_ENTRIES = 10_000;
    /** Bytes of a page for each entry that may be in it; one that has as many ends with the entry that made them so. */
    int LOG_BYTES_PER_ENTRY = 1024;

    /**
     * Order this bundle. Answered with {@link ServiceReply.Submitted} once it is final, or its outcome is known.
     *
     * @param bundle an encoded bundle
     */
    record Submit(byte[] bundle) implements ServiceRequest {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Submit submit && Arrays.equals(bundle, submit.bundle);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bundle);
        }
    }

    /** How is the service? Answered with {@link ServiceReply.StatusText}. */
    record Status() implements ServiceRequest {
    }

    /**
     * How does a request stand? Answered with {@link ServiceReply.RequestStanding}.
     *
     * @param request the REQUEST transaction
     */
    record RequestState(TransactionId request) implements ServiceRequest {
    }

    /**
     * Accumulate the shares that a request was allowed. Answered with {@link ServiceReply.Released}.
     *
     * @param request the REQUEST transaction
     * @param without replicas that are not to take part, ascending
     */
    record Release(TransactionId request, List<Integer> without) implements ServiceRequest {
        /** Keeps the list as it is. */
        public Release {
            without = List.copyOf(without);
        }
    }

    /**
     * Send the shares singly, because the accumulated ones did not fit. Answered with
     * {@link ServiceReply.ReleasedSingly}.
     *
     * @param request the REQUEST transaction
     * @param part which of its chunks
     * @param without replicas that are not asked, ascending
     */
    record ReleaseSingly(TransactionId request, ChunkRange part, List<Integer> without) implements ServiceRequest {
        /** Keeps the list as it is. */
        public ReleaseSingly {
            without = List.copyOf(without);
        }
    }

    /**
     * The proof of one transaction. Answered with {@link ServiceReply.Receipt}.
     *
     * @param transaction which
     */
    record ReceiptOf(TransactionId transaction) implements ServiceRequest {
    }

    /**
     * The ledger in words. Answered with {@link ServiceReply.LogPage}.
     *
     * @param dataset only transactions about this dataset
     * @param decisions if a dataset is named, only what its owner and those who approve decided (PUBLISH, GRANT, REVOKE,
     *     APPROVE), not what anybody asked
     * @param entity only records of this entity, empty for all
     * @param since from this place on
     * @param maxEntries 1 .. 10,000; fewer are there when they are long, see {@link #LOG_BYTES_PER_ENTRY}
     */
    record Log(Optional<Hash> dataset, boolean decisions, String entity, LogPlace since, int maxEntries)
            implements ServiceRequest {
        /** The same with what anybody asked. */
        public Log(final Optional<Hash> dataset, final String entity, final LogPlace since, final int maxEntries) {
            this(dataset, false, entity, since, maxEntries);
        }
    }

    /**
     * Do this harm to a replica; honoured only by a service that was started for it.
     *
     * @param replica whom
     * @param harm what
     */
    record Fault(int replica, Harm harm) implements ServiceRequest {
        /** Kinds of harm. */
        public enum Harm {
            /** Stop as if the power were cut. */
            STOP,
            /** Stop answering, keep everything. */
            HANG,
            /** Go on after a stop or hang. */
            RESUME,
            /** Give wrong shares. */
            WRONG_SHARES
        }
    }
}
