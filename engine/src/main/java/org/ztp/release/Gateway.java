package org.ztp.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ztp.accumulate.Partial;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;

/** The side that drives releases for this replica's own clients. */
final class Gateway {
    private final Desk desk;
    private final Map<Long, ReleaseRun> runs = new LinkedHashMap<>();
    private long lastNumber;

    Gateway(final Desk desk) {
        this.desk = desk;
    }

    void onAsked(final ReleaseEvent.Asked asked) {
        if (hasRoom(asked.token())) {
            runs.put(asked.token(), new AccumulatedRun(desk, asked, number()));
        }
    }

    void onAskedSingly(final ReleaseEvent.AskedSingly asked) {
        if (!asked.part().wellFormed() || asked.part().count() > ReleaseLimits.MAX_SINGLE_CHUNKS) {
            desk.act(new Refused(asked.token(), Code.BAD_RANGE, "chunks: actual=" + asked.part() + " allowed="
                + ReleaseLimits.MAX_SINGLE_CHUNKS + " at once"));
        } else if (hasRoom(asked.token())) {
            runs.put(asked.token(), new SinglyRun(desk, asked, number()));
        }
    }

    /**
     * A number that no run had before, also in an earlier life of this replica: it rises with the clock. What was said to
     * that life would else be taken for an answer to this one.
     */
    private long number() {
        lastNumber = Math.max(lastNumber + 1, desk.nowNs);
        return lastNumber;
    }

    private boolean hasRoom(final long token) {
        if (runs.containsKey(token)) {
            throw new IllegalArgumentException("the token of a release under way was used again: " + token);
        }
        if (runs.size() < desk.limits.runs()) {
            return true;
        }
        desk.act(new Refused(token, Code.BUSY, "releases under way: " + runs.size()));
        return false;
    }

    /** Whether an answer of the ledger was for one of the runs. */
    boolean onLookedUp(final long callId, final Standing standing) {
        return one(run -> run.asked(callId), run -> run.onStanding(standing));
    }

    /** Whether a partial was for one of the runs. */
    boolean onPartial(final int from, final Partial<byte[]> partial) {
        return one(run -> run instanceof AccumulatedRun && run.owns(partial.id()),
            run -> ((AccumulatedRun) run).onPartial(from, partial));
    }

    /** An answer with single shares; one that comes late is dropped. */
    void onAnswer(final int from, final ReleaseMessage.Singly answer) {
        one(run -> run instanceof SinglyRun && run.owns(answer.id()), run -> ((SinglyRun) run).onAnswer(from, answer));
    }

    void onDeclined(final int from, final ReleaseMessage.Declined declined) {
        one(run -> run.owns(declined.id()), run -> run.onDeclined(from, declined));
    }

    void onSuspected() {
        each(ReleaseRun::onSuspected);
    }

    void tick() {
        each(ReleaseRun::tick);
    }

    long nextTickNs(final long otherNs) {
        if (runs.isEmpty()) {
            return otherNs; // asked at each turn of an idle replica: no iterator is made
        }
        long next = otherNs;
        for (final ReleaseRun run : runs.values()) {
            next = run.nextTickNs(next);
        }
        return next;
    }

    int runsUnderWay() {
        return runs.size();
    }

    private boolean one(final Predicate<ReleaseRun> which, final Consumer<ReleaseRun> what) {
        final Optional<ReleaseRun> found = runs.values().stream().filter(which).findFirst();
        found.ifPresent(what);
        runs.values().removeIf(ReleaseRun::isOver);
        return found.isPresent();
    }

    private void each(final Consumer<ReleaseRun> what) {
        final List<ReleaseRun> all = new ArrayList<>(runs.values());
        all.forEach(what);
        runs.values().removeIf(ReleaseRun::isOver);
    }
}
