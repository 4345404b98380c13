package org.ztp.consensus;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.WantSnapshot;
import org.ztp.consensus.Message.WantState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.PartialState;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;

/**
 * Takes a snapshot of the state when this replica is so far behind that the blocks would take long, from one peer at a
 * time and page by page, and lets peers have one. A snapshot counts when a commit certificate vouches for the header that
 * names its state; a page, when it hashes to what that header or an earlier page says. Who gives none, or a false one, is
 * given up, and the next peer is asked; when all were asked in vain, blocks are asked for meanwhile.
 *
 * <p>At most f members at a time are to go on from snapshots without the blocks below. Nobody gives a replica one
 * while f others have a gap or, with lower ids, are to have one; nobody takes one while f others have a gap; and who has a
 * gap itself gives none. Who was not heard of in this life counts as one with a gap.
 */
final class StateTransfer {
    private static final int NOBODY = -1;
    private static final int AGAIN = 5;
    private static final int PATIENCE = 20;
    /** After so many heartbeats a snapshot that could not be made durable is taken again: the disk may have room by then. */
    private static final int AFTER_LOSS_HEARTBEATS = 100;
    private static final int PATIENCE_DOUBLINGS = 5;
    private static final int PRESENT_HEARTBEATS = 10;

    private final Context context;
    private final boolean gap;
    private final Map<Integer, Heard> heard = new HashMap<>();
    private final Set<Integer> gaps = new HashSet<>();
    private boolean taken;
    private boolean lost;
    private long lostNs;
    private boolean asked;
    private int turn;
    private int giver = NOBODY;
    /** When it was asked last, and when it was asked that first. */
    private long askedNs;
    private long sinceNs;
    private Message question;
    private SnapshotHead head;
    private PartialState state;

    private record Heard(long height, long atNs) { }

    /**
     * With whether this replica has a gap itself: then it takes no snapshot and gives none.
     */
    StateTransfer(final Context context, final boolean gap) {
        this.context = context;
        this.gap = gap;
    }

    boolean hasGap() {
        return gap;
    }

    /** A peer tells where it stands. */
    void onStatus(final int from, final Message.Status status) {
        heard.put(from, new Heard(status.finalHeight(), context.nowNs));
        if (status.gap()) {
            gaps.add(from);
        } else {
            gaps.remove(from);
        }
    }

    /** The height that at least one honest peer says it has; 0 if too few have said anything. */
    private long height() {
        final List<Long> heights = heard.values().stream().map(Heard::height).sorted(Comparator.reverseOrder()).toList();
        return heights.size() > context.group.faults() ? heights.get(context.group.faults()) : 0;
    }

    /** How many others than two may have a gap: who says so, and whoever was not heard of in this life. */
    private long withGap(final int one) {
        return context.group.members().stream().filter(member -> member != one && member != context.self
            && (gaps.contains(member) || !heard.containsKey(member))).count();
    }

    private boolean isFar(final long behind, final long ahead) {
        return context.limits.snapshotBehind() > 0 && ahead - behind > context.limits.snapshotBehind();
    }

    /** Whether a snapshot is on its way, so that blocks had better come later. */
    boolean isTaking() {
        return giver != NOBODY && turn <= context.group.size();
    }

    private boolean wants() {
        return !taken && !isAfterLoss() && !gap && withGap(context.self) < context.group.faults()
            && isFar(context.tree.head().height(), height());
    }

    /** What was taken is not durable: blocks are asked for meanwhile, and after a while a snapshot again. */
    void lost() {
        taken = false;
        lost = true;
        lostNs = context.nowNs;
    }

    private boolean isAfterLoss() {
        return lost && context.nowNs - lostNs < AFTER_LOSS_HEARTBEATS * context.limits.heartbeatNs();
    }

    /** Asks, or asks another, for what has not come. */
    void tick() {
        if (!wants()) {
            forget();
        } else if (context.nowNs - sinceNs >= longer(giver == NOBODY ? 1 : PATIENCE)) {
            askNext();
        } else if (giver != NOBODY && context.nowNs - askedNs >= AGAIN * context.limits.retransmitNs()) {
            say();
        }
    }

    /** So many times the time after which messages are said again, and longer after each round of all peers. */
    private long longer(final int times) {
        return asked ? times * context.limits.retransmitNs() << Math.min(PATIENCE_DOUBLINGS, turn / context.group.size()) : 0;
    }

    /** What has come is of no use. There is a rest after each round of all peers: as fast as they answer it might not end. */
    private void giveUp() {
        forget();
        sinceNs = context.nowNs;
        if (turn % context.group.size() != 0) {
            askNext();
        }
    }

    private void forget() {
        giver = NOBODY;
        head = null;
        state = null;
    }

    private void askNext() {
        forget();
        final long own = context.tree.head().height();
        final List<Integer> ahead = context.group.members().stream().filter(peer -> heard.containsKey(peer)
            && isFar(own, heard.get(peer).height()) && !gaps.contains(peer)).toList();
        if (!ahead.isEmpty()) {
            giver = ahead.get(Math.floorMod(turn++, ahead.size()));
            ask(new WantSnapshot());
        }
    }

    private void ask(final Message message) {
        question = message;
        asked = true;
        sinceNs = context.nowNs;
        say();
    }

    /** Says the question, or says it again: what was lost on the way, or dropped, is not worth a new beginning. */
    private void say() {
        askedNs = context.nowNs;
        context.outbox.now(new Send(giver, question));
    }

    /** A peer tells which snapshot it has. One that is too old is no lie, and of no use. */
    void onSnapshot(final int from, final SnapshotHead offered) {
        if (from != giver || head != null || !wants()) {
            return;
        }
        final Optional<Certificate> above = context.certificates.check(offered.above().certificate());
        final Optional<String> wrong = offered.fault(context.group.chain(), context.group.subCluster())
            .or(() -> above.isPresent() ? Optional.empty()
                : Optional.of("certificate " + Context.brief(offered.above().certificate())))
            .or(() -> offered.epoch().flatMap(context.epochs::take));
        wrong.ifPresent(fault -> context.fault(from, Kind.BAD_STATE, fault));
        if (wrong.isPresent() || !isFar(context.tree.head().height(), offered.height())
            || isFar(offered.height(), height())) {
            giveUp();
            return;
        }
        head = offered.certifiedBy(above.get()); // not with votes as they came
        state = new PartialState(offered.stateDigest());
        goOn();
    }

    /** A page has come. */
    void onState(final int from, final StateHere here) {
        if (from != giver || head == null || !here.digest().equals(head.stateDigest())
            || !here.at().equals(state.next().orElse(null))) {
            return;
        }
        if (state.add(here.at(), here.page())) {
            goOn();
        } else {
            context.fault(from, Kind.BAD_STATE, "page " + here.at().depth() + ":" + here.at().bits().brief()
                + " is not of the state of height " + head.height());
            giveUp();
        }
    }

    private void goOn() {
        final Optional<StateTree> whole = state.whole();
        if (whole.isPresent()) {
            taken = true;
            context.outbox.now(new Action.SnapshotTaken(head, whole.get()));
            forget();
        } else {
            ask(new WantState(head.stateDigest(), state.next().orElseThrow()));
        }
    }

    /** A peer wants a snapshot. */
    void onWantSnapshot(final int from) {
        final long own = context.tree.head().height();
        final long before = heard.entrySet().stream().filter(other -> other.getKey() < from && !gaps.contains(other.getKey())
            && isFar(other.getValue().height(), own) && context.nowNs - other.getValue().atNs()
                < PRESENT_HEARTBEATS * context.limits.heartbeatNs()).count();
        if (!gap && withGap(from) + before < context.group.faults()) {
            context.outbox.now(new Action.SendSnapshot(from));
        }
    }

    /** A peer wants a page. */
    void onWantState(final int from, final WantState want) {
        if (!gap) {
            context.outbox.now(new Action.SendState(from, want.digest(), want.at()));
        }
    }
}
