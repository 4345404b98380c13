package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.BatchPool.Pooled;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.state.TakenBundles;

/**
 * Rule V2: what waits is sent to the leader again, and a view is out of time also if its leader makes blocks final and
 * leaves out what waits. All that waits is marked; once the leader must have it, the blocks above the front of the
 * chain are counted. An honest leader takes the oldest first, and fills its blocks while more waits: if some blocks had
 * room, or there were more than what waited fills, and something marked waits still, then the view is out of time here.
 * Time is counted in heartbeats, so a replica that hung has not waited meanwhile.
 */
final class Insistence {
    /** What is sent again with one heartbeat at most, as {@link BatchPool#cost} has it, or one batch. */
    static final long SENT_AGAIN_BYTES = 1L << 20;
    /** So many times the view's time-out passes before the leader must have what was marked. */
    private static final int TIMEOUTS = 4;
    /** So many times the pipeline's depth are granted beyond what waits. */
    private static final int PIPELINES = 4;
    /** More patience than 2^16 times the first is not needed, as pools are bounded. */
    private static final int MOST_DOUBLINGS = 16;

    private final Context context;
    private final TakenBundles taken = new TakenBundles();
    /** All batches up to this one, in the order in which they came, are waited for. */
    private long marked;
    /** Heartbeats since then, and after how many the leader must have them while nobody needs more patience. */
    private long waited;
    private long beats;
    /** Doubles with each f+1 views in a row that were left: one of their leaders was honest. */
    private long patience;
    /** Whether it must have them by now, and the blocks above {@code front} are counted. */
    private boolean counting;
    private long front;
    private long blocks;
    /** Blocks in which there was room: an honest leader puts more into two of them while more waits. */
    private long unfilled;
    private long lastBytes;
    /** So many blocks of any kind may be what the leader made before it had all. */
    private long granted;
    /** So many more are filled by what waits. */
    private long needed;
    /** Whether this view was said to be out of time for that, and when last. */
    private boolean complained;
    private long complainedNs;
    /** How many views were so since what was marked has become final in good time. */
    private int neglects;
    /** The last batch in the order of arrival that was sent again. */
    private long sentUpTo;
    /** When what others gave was passed on in haste last. */
    private long hastenedNs;

    Insistence(final Context context) {
        this.context = context;
    }

    /** Another view: its leader has as much time as the one before had. */
    void viewEntered() {
        marked = 0;
        complained = false;
        sentUpTo = 0;
    }

    /** Before a view runs out of time for what perhaps this replica alone was given, its leader has that, too. */
    void tick() {
        final long retransmitNs = context.limits.retransmitNs();
        if (context.pacemaker.isHalfOver(context.nowNs) && context.nowNs - hastenedNs >= retransmitNs) {
            hastenedNs = context.nowNs;
            sendAgain(2 * retransmitNs);
        }
    }

    /** Another heartbeat. */
    void beat() {
        sendAgain(context.limits.viewTimeoutNs());
        waited++;
        if (context.pool.oldest() > marked) {
            calmDown();
            mark();
        } else if (waited <= patience * beats) {
            return;
        } else if (!counting) {
            count();
        } else if (unfilled >= granted || blocks - granted >= needed) {
            leftOut().ifPresentOrElse(this::complain, this::mark);
        }
    }

    /**
     * The view is out of time here already, and nothing has changed since: the others may have been given nothing of what
     * waits, and then see no reason to leave it. A batch that they would take shows them one.
     */
    void stillOutOfTime() {
        context.pool.upTo(context.pool.newest()).filter(pooled -> !isTaken(pooled.batch())).findFirst().ifPresent(oldest ->
            context.outbox.now(new Broadcast(new BatchHere(oldest.ref(), oldest.batch()))));
    }

    /** Marks all that waits. */
    private void mark() {
        final long timeoutBeats = TIMEOUTS * context.pacemaker.currentNs() / context.limits.heartbeatNs();
        marked = context.pool.newest();
        beats = 2 + timeoutBeats + 2 * (context.pool.cost() / SENT_AGAIN_BYTES);
        patience = 1L << Math.min(neglects / (context.group.faults() + 1), MOST_DOUBLINGS);
        waited = 0;
        counting = false;
    }

    /** What was marked is final: if late, such patience is still needed, but what up to f liars did is forgotten. */
    private void calmDown() {
        if (marked > 0) {
            neglects = waited <= beats ? 0 : neglects - neglects % (context.group.faults() + 1);
        }
    }

    /** The leader has all by now: what it makes above all that there is counts. */
    private void count() {
        counting = true;
        front = context.catchUp.frontHeight();
        blocks = 0;
        unfilled = 0;
        lastBytes = 0;
        granted = patience * PIPELINES * context.limits.pipeline();
        needed = patience * (context.pool.size() / context.limits.blockBatches()
            + 2 * (context.pool.bytes() / context.limits.blockBytes()));
    }

    /** A block has become final. */
    void finalized(final Block block) {
        if (!counting || block.height() <= front) {
            return;
        }
        long bytes = 0;
        for (final BatchRef ref : block.batches()) {
            bytes += ref.bytes();
        }
        blocks++;
        if (block.batches().size() < context.limits.blockBatches()
            && lastBytes + bytes <= context.limits.blockBytes()) {
            unfilled++;
        }
        lastBytes = bytes;
    }

    /** What was marked, waits, and would count. */
    private Optional<Pooled> leftOut() {
        return context.pool.upTo(marked).filter(pooled -> counts(pooled.batch())).findFirst();
    }

    /** Whether something in a batch would count; a leader may leave out what was taken in before, or is too far ahead. */
    boolean counts(final Batch batch) {
        return batch.bundles().stream().anyMatch(bundle ->
            taken.outcome(context.tree.head().state(), bundle) == Outcome.Code.ACCEPTED);
    }

    /** Whether each bundle of a batch was taken in with another one: there is nothing in it any more. */
    boolean isTaken(final Batch batch) {
        return batch.bundles().stream().allMatch(bundle -> taken.contains(context.tree.head().state(), bundle));
    }

    /** Those who do not have it are given it too: by and by they complain as well, if the leader goes on so. */
    private void complain(final Pooled leftOut) {
        final int leader = context.group.leader(context.safety.view());
        if (leader == context.self || complained && context.nowNs - complainedNs < context.limits.viewTimeoutNs()) {
            return;
        }
        neglects += complained ? 0 : 1;
        complained = true;
        complainedNs = context.nowNs;
        context.outbox.now(new Broadcast(new BatchHere(leftOut.ref(), leftOut.batch())));
        context.viewChange.timeout("batches left out of view " + context.safety.view());
    }

    /**
     * Sends the leader what has waited for long, and what others gave if that has waited for so long: a part each time,
     * oldest first, then from the start again.
     */
    private void sendAgain(final long othersNs) {
        final int leader = context.group.leader(context.safety.view());
        if (leader == context.self) {
            return;
        }
        final List<Pooled> late = context.pool.olderThan(context.self,
            context.nowNs - 2 * context.limits.retransmitNs(), context.nowNs - othersNs);
        final long after = late.isEmpty() || late.get(late.size() - 1).order() <= sentUpTo ? 0 : sentUpTo;
        long bytes = 0;
        for (final Pooled old : late) {
            if (old.order() > after) {
                bytes += BatchPool.cost(old.ref());
                if (bytes > SENT_AGAIN_BYTES && bytes > BatchPool.cost(old.ref())) {
                    return;
                }
                context.outbox.now(new Send(leader, new BatchHere(old.ref(), old.batch())));
                sentUpTo = old.order();
            }
        }
    }
}
