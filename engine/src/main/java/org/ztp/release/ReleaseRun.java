package org.ztp.release;

import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;
import org.ztp.wire.Hash;

/** One release that this replica drives for a client of its own. Over when it has answered. */
sealed interface ReleaseRun permits AccumulatedRun, SinglyRun {
    /** Whether answers and partials of a round are this run's. */
    boolean owns(Hash id);

    /** Whether an answer of the ledger is this run's. */
    boolean asked(long callId);

    /** What the own ledger says. */
    void onStanding(Standing standing);

    /** A member does not give its shares. */
    void onDeclined(int from, ReleaseMessage.Declined declined);

    /** The failure detector has new suspects, as the desk has them. */
    void onSuspected();

    /** Time passes. */
    void tick();

    /** When {@link #tick} has something to do, or the given time if that is earlier. */
    long nextTickNs(long otherNs);

    /** Whether the client has its answer. */
    boolean isOver();

    /** The answer to a client whose request the own ledger does not allow. */
    static Refused refusal(final long token, final Standing.Reason reason, final String text) {
        return new Refused(token, switch (reason) {
            case DENIED -> Code.DENIED;
            case PENDING -> Code.PENDING;
            case UNKNOWN -> Code.UNKNOWN;
            case CLOSED -> Code.CLOSED;
            case OTHER_TERMS, UNREADABLE, BUSY, BEHIND -> Code.NOT_ENOUGH_REPLICAS;
        }, text);
    }
}
