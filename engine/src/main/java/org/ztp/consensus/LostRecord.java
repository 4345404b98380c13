package org.ztp.consensus;

import java.util.HashMap;
import java.util.Map;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.AskView;
import org.ztp.consensus.Message.ViewIs;

/**
 * After the safety record was lost: finds out below which view this replica may have voted. It asks its peers for their
 * views, and counts an answer once it has entered that view itself, so a view that nobody can prove counts for nothing.
 */
final class LostRecord {
    private final Context context;
    private final Map<Integer, Long> told = new HashMap<>();
    private long nonce;

    LostRecord(final Context context) {
        this.context = context;
    }

    /** Asks, with each heartbeat. */
    void ask() {
        if (!context.safety.isLearning()) {
            return;
        }
        if (nonce == 0) {
            nonce = (context.wallMillis * 1_000_003 ^ context.nowNs) & Long.MAX_VALUE | 1;
        }
        context.outbox.now(new Broadcast(new AskView(nonce)));
        count();
    }

    /** A peer asks. One that is mute itself does not know in which views it has timed out. */
    void onAsked(final int from, final AskView ask) {
        if (!context.safety.isMute()) {
            context.outbox.now(new Send(from, new ViewIs(ask.nonce(), context.safety.view())));
        }
    }

    /** A peer answers. */
    void onView(final int from, final ViewIs answer) {
        if (from != context.self && context.safety.isLearning() && nonce != 0 && answer.nonce() == nonce) {
            told.put(from, answer.view());
            count();
        }
    }

    private void count() {
        if (told.values().stream().filter(view -> view <= context.safety.view()).count() >= context.group.quorum()) {
            context.safety.learned();
            context.outbox.safetyChanged();
            told.clear();
        }
    }
}
