package org.ztp.release;

import java.util.ArrayList;
import java.util.List;
import org.ztp.accumulate.EarlyPartials;
import org.ztp.accumulate.Partial;
import org.ztp.wire.Hash;

/**
 * Partials that came before the call of their attempt, for one to two time limits of an attempt: at most four a
 * sender, of at most the limit's bytes each.
 */
final class EarlyStash {
    private static final int PER_SENDER = 2;

    private final Desk desk;
    private EarlyPartials<byte[]> recent = new EarlyPartials<>(PER_SENDER);
    private EarlyPartials<byte[]> older = new EarlyPartials<>(PER_SENDER);
    private boolean started;
    private long turnNs;

    EarlyStash(final Desk desk) {
        this.desk = desk;
    }

    void keep(final Partial<byte[]> partial) {
        turn();
        recent.keep(partial);
    }

    List<Partial<byte[]>> take(final Hash id, final int attempt) {
        turn();
        final List<Partial<byte[]>> taken = new ArrayList<>(older.take(id, attempt));
        taken.addAll(recent.take(id, attempt));
        return taken;
    }

    /** Forgets what is too old. */
    void turn() {
        if (!started || desk.isOver(turnNs)) {
            started = true;
            turnNs = desk.nowNs + desk.limits.attemptTimeoutNs();
            older = recent;
            recent = new EarlyPartials<>(PER_SENDER);
        }
    }
}
