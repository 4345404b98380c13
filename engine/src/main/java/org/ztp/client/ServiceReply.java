package org.ztp.client;

import java.util.List;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;

/** What the service answers. Arrays in here belong to who receives it. */
public sealed interface ServiceReply {
    /**
     * What became of a bundle.
     *
     * @param status for the whole bundle
     * @param bundle its id
     * @param height block that holds it, 0 where none does
     * @param outcomes of transactions that did not simply take effect, and of every one that was evaluated
     */
    record Submitted(Status status, Hash bundle, long height, List<TransactionOutcome> outcomes)
            implements ServiceReply {
        /** For the whole bundle. */
        public enum Status {
            /** In a final block now. */
            FINAL,
            /** (client, submission, sequence) was final before; nothing happened twice. */
            DUPLICATE,
            /** The sequence is further ahead of the oldest open one than the window allows: send the others first. */
            TOO_FAR_AHEAD,
            /** Malformed, or its signature is wrong. */
            INVALID
        }

        /** Keeps the list as it is. */
        public Submitted {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * What became of one transaction.
     *
     * @param index position in its bundle
     * @param code as in {@link org.ztp.ledger.Outcome.Code}
     * @param detail for people
     */
    record TransactionOutcome(int index, int code, String detail) {
    }

    /**
     * How the service is.
     *
     * @param json one JSON object
     */
    record StatusText(String json) implements ServiceReply {
    }

    /**
     * How a request stands.
     *
     * @param state its state, in the ledger's encoding
     */
    record RequestStanding(byte[] state) implements ServiceReply {
    }

    /**
     * The accumulated shares, masked for the seeker.
     *
     * @param vector noise to all but the seeker
     * @param participants replicas whose shares are in it, ascending
     * @param attempt number of the attempt, from 0
     * @param contractVersion the contract that allowed it
     */
    record Released(byte[] vector, List<Integer> participants, int attempt, int contractVersion)
            implements ServiceReply {
        /** Keeps the list as it is. */
        public Released {
            participants = List.copyOf(participants);
        }
    }

    /**
     * Single shares, each sealed to the seeker and signed by its replica.
     *
     * @param part which chunks
     * @param shares by ascending replica
     * @param contractVersion the contract that allowed it
     */
    record ReleasedSingly(ChunkRange part, List<SingleShare> shares, int contractVersion) implements ServiceReply {
        /** Keeps the list as it is. */
        public ReleasedSingly {
            shares = List.copyOf(shares);
        }
    }

    /**
     * What one replica sent.
     *
     * @param replica who
     * @param sealed for the seeker alone
     */
    record SingleShare(int replica, byte[] sealed) {
    }

    /**
     * The proof of a transaction.
     *
     * @param receipt its bytes
     */
    record Receipt(byte[] receipt) implements ServiceReply {
    }

    /**
     * Part of the ledger in words.
     *
     * @param entries in the order of the ledger
     * @param next where the next page starts, after all that are here; empty if this was the last one
     * @param missing sub-clusters, ascending, that did not answer, so that nothing of theirs is here
     */
    record LogPage(List<LogEntry> entries, Optional<LogPlace> next, List<Integer> missing) implements ServiceReply {
        /** Keeps the lists as they are. */
        public LogPage {
            entries = List.copyOf(entries);
            missing = List.copyOf(missing);
        }

        /** A page from which nothing is missing. */
        public LogPage(final List<LogEntry> entries, final Optional<LogPlace> next) {
            this(entries, next, List.of());
        }
    }

    /**
     * One transaction in words.
     *
     * @param subCluster whose chain it is on
     * @param height its block
     * @param timeMillis the block's time, milliseconds since 1970
     * @param name its name
     * @param client key that signed it
     * @param kind RECORD, PUBLISH, …
     * @param subject what it is about: a dataset's id, an entity, a request
     * @param text what its signer wrote in it for people: a dataset's name, a request's purpose, a record's beginning
     * @param outcome as in {@link org.ztp.ledger.Outcome.Code}
     * @param detail for people
     */
    record LogEntry(int subCluster, long height, long timeMillis, TransactionId name, Hash client, String kind,
                    String subject, String text, int outcome, String detail) {
    }

    /** It is done; there is nothing to tell. */
    record Done() implements ServiceReply {
    }

    /**
     * It is not done.
     *
     * @param reason kind of reason
     * @param message what and why, one line
     * @param hint what to do, one line, may be empty
     */
    record Refused(Reason reason, String message, String hint) implements ServiceReply {
        /** Kinds of reason. */
        public enum Reason {
            /** The question itself is wrong. */
            BAD_REQUEST,
            /** There is no such thing. */
            NOT_FOUND,
            /** The contract says no. */
            DENIED,
            /** No quorum, stopping, or not yet: try again. */
            UNAVAILABLE,
            /** The service failed. */
            FAILED
        }
    }

    /**
     * Too much at once; nothing was taken in.
     *
     * @param retryMillis when to try again
     */
    record Busy(int retryMillis) implements ServiceReply {
    }
}
