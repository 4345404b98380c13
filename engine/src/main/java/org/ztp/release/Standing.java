package org.ztp.release;

import java.util.Optional;
import org.ztp.contract.rules.ReleaseCheck;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.ledger.state.StateReader;

/** What a replica's own ledger says to a release. */
public sealed interface Standing {
    /** It may be released. */
    record Allowed(Terms terms) implements Standing { }

    /**
     * It may not.
     *
     * @param reason kind of reason
     * @param text for people
     */
    record Refused(Reason reason, String text) implements Standing { }

    /** Why a replica does not give its shares. The codes are those of messages between replicas. */
    enum Reason {
        /** The contract denied the request. */
        DENIED(1),
        /** The request waits for approvals. */
        PENDING(2),
        /** The ledger has no such request. */
        UNKNOWN(3),
        /** It was allowed, and is not any more: revoked, or out of its time. */
        CLOSED(4),
        /** This replica's ledger is not where the gateway's is. */
        OTHER_TERMS(5),
        /** This replica's own shares cannot be opened or do not fit their commitments. */
        UNREADABLE(6),
        /** Too much under way. */
        BUSY(7),
        /** This replica cannot tell whether its ledger is as far as those of its peers. */
        BEHIND(8);

        private static final Reason[] ALL = values();
        private final int code;

        Reason(final int code) {
            this.code = code;
        }

        /** The byte that stands for it. */
        public int code() {
            return code;
        }

        /** The reason that a byte stands for. */
        public static Optional<Reason> of(final int code) {
            return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
        }

        /** Whether a ledger that moves on may say otherwise soon. */
        boolean mayPass() {
            return this == PENDING || this == UNKNOWN || this == OTHER_TERMS || this == BEHIND;
        }

        /** Whether it is a verdict of the ledger on the request, which all honest replicas share. */
        boolean isVerdict() {
            return this == DENIED || this == CLOSED;
        }
    }

    /**
     * Looks a request up.
     *
     * @param state the replica's latest state that is final, and durable as the configuration wants it
     * @param request the request
     * @param timeMillis the time now, milliseconds since 1970: the block's or the replica's own, whichever is later
     */
    static Standing of(final StateReader state, final TransactionId request, final long timeMillis) {
        final SharingState sharing = new SharingState(state);
        final Optional<RequestState> known = sharing.request(request);
        if (known.isEmpty()) {
            return new Refused(Reason.UNKNOWN, "no request " + request);
        }
        final ReleaseCheck check = ReleaseCheck.of(state, request, timeMillis);
        if (check.release().isEmpty()) {
            final Reason reason = switch (known.get().status()) {
                case DENIED -> Reason.DENIED;
                case PENDING -> Reason.PENDING;
                case ALLOWED, CLOSED -> Reason.CLOSED;
            };
            return new Refused(reason, check.refusal().orElse(""));
        }
        final RequestState allowed = check.release().get().request();
        final X25519PublicKey fresh = X25519PublicKey.decode(allowed.request().freshKey().toBytes(), 0).orElseThrow(
            () -> new IllegalStateException("a request was allowed with a fresh key that is none: " + request));
        return new Allowed(new Terms(allowed.request().dataset(), check.release().get().dataset().transaction(),
            check.release().get().transaction(), check.release().get().dataset().dataset().chunks(),
            allowed.request().chunks(), allowed.seeker(), fresh, allowed.version()));
    }
}
