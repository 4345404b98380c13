package org.ztp.release;

import java.util.function.Consumer;
import org.ztp.contract.transaction.TransactionId;

/**
 * A question to this replica's own ledger, repeated for a bounded time while the ledger may still come to the answer.
 */
final class LedgerLook {
    /** The number that answers come with. */
    final long callId;
    private final Desk desk;
    private final TransactionId request;
    private final long untilNs;
    private boolean waiting;
    private long retryNs;

    /** Asks at once. */
    LedgerLook(final Desk desk, final TransactionId request) {
        this.desk = desk;
        this.request = request;
        callId = desk.nextCallId();
        untilNs = desk.nowNs + desk.limits.ledgerWaitNs();
        ask();
    }

    /** Takes an answer, and gives it to one of two if it counts; else it asks again later. */
    void answered(final Standing standing, final Consumer<Terms> allowed, final Consumer<Standing.Refused> refused) {
        if (standing instanceof Standing.Allowed yes) {
            allowed.accept(yes.terms());
        } else if (standing instanceof Standing.Refused no) {
            if (no.reason().mayPass() && !desk.isOver(untilNs)) {
                waiting = true;
                retryNs = desk.nowNs + desk.limits.retryNs();
            } else {
                refused.accept(no);
            }
        }
    }

    void tick() {
        if (waiting && desk.isOver(retryNs)) {
            ask();
        }
    }

    /** When {@link #tick} has something to do, or the given time if that is earlier. */
    long nextTickNs(final long otherNs) {
        return waiting && retryNs - otherNs < 0 ? retryNs : otherNs;
    }

    /** Asks. */
    void ask() {
        waiting = false;
        desk.act(new ReleaseAction.LookUp(callId, request));
    }
}
