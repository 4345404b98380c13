package org.ztp.release;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ztp.release.ReleaseAction.Fault.Kind;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;
import org.ztp.release.ReleaseMessage.Singly;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.wire.Hash;

/**
 * A release of single shares: all members are asked. It is over when all have answered, or, at a time limit, when n - f
 * have, among whom f + 1 are honest; at the end of all time any f + 1 answers are handed out, for what they are worth.
 */
final class SinglyRun implements ReleaseRun {
    private final Desk desk;
    private final ReleaseEvent.AskedSingly asked;
    private final Hash id;
    private final long number;
    private final long deadlineNs;
    private final Verdicts verdicts;
    private final TreeMap<Integer, SingleAnswer> answers = new TreeMap<>();
    private final Set<Integer> open = new TreeSet<>(); // asked, and neither answered nor declined
    private LedgerLook look;
    private Terms terms;
    private long repeatNs;
    private boolean over;

    SinglyRun(final Desk desk, final ReleaseEvent.AskedSingly asked, final long number) {
        this.desk = desk;
        this.asked = asked;
        this.number = number;
        id = ReleaseId.of(desk.group.chain(), asked.request(), desk.group.self(), number, 0);
        deadlineNs = desk.nowNs + desk.limits.totalTimeoutNs();
        verdicts = new Verdicts(desk);
        look = new LedgerLook(desk, asked.request());
    }

    @Override
    public boolean owns(final Hash round) {
        return terms != null && id.equals(round);
    }

    @Override
    public boolean asked(final long callId) {
        return look != null && look.callId == callId;
    }

    @Override
    public void onStanding(final Standing standing) {
        look.answered(standing, this::begin,
            refused -> end(ReleaseRun.refusal(asked.token(), refused.reason(), refused.text())));
    }

    private void begin(final Terms allowed) {
        look = null;
        if (!allowed.chunks().contains(asked.part())) {
            end(new Refused(asked.token(), Code.BAD_RANGE, "chunks: expected=" + allowed.chunks() + " actual="
                + asked.part()));
            return;
        }
        terms = allowed;
        open.addAll(desk.group.members());
        open.removeAll(asked.without());
        call();
    }

    /** Asks those who have not answered; an answer made for terms of before is an answer. */
    private void call() {
        repeatNs = desk.nowNs + desk.limits.attemptTimeoutNs();
        final SinglyCall call = new SinglyCall(asked.request(), number, terms.digest(), asked.part(),
            desk.limits.attemptTimeoutNs());
        open.forEach(member -> desk.send(member, call));
    }

    void onAnswer(final int from, final Singly answer) {
        if (answer.sealed().length > ReleaseLimits.sealedBytesAtMost(asked.part().count())) {
            open.remove(from);
            desk.fault(from, Kind.BAD_ANSWER, "sealed bytes=" + answer.sealed().length);
        } else if (open.remove(from)) {
            answers.put(from, new SingleAnswer(from, answer.sealed()));
        }
        endIf(open.isEmpty());
    }

    @Override
    public void onDeclined(final int from, final ReleaseMessage.Declined declined) {
        verdicts.note(from, declined.reason()).ifPresentOrElse(
            reason -> end(ReleaseRun.refusal(asked.token(), reason, verdicts.text())), () -> {
                if (declined.reason().isVerdict() || declined.reason() == Standing.Reason.UNREADABLE) {
                    open.remove(from); // the others are asked again
                    endIf(open.isEmpty());
                }
            });
    }

    @Override
    public void onSuspected() {
        // all are asked at once, so a suspect holds nobody up before the time limit
    }

    @Override
    public void tick() {
        if (look != null) {
            look.tick();
        }
        if (desk.isOver(deadlineNs)) {
            endIf(true);
        } else if (terms != null && desk.isOver(repeatNs)) {
            endIf(answers.size() >= desk.group.size() - desk.group.faults());
            if (!over) {
                call();
            }
        }
    }

    private void endIf(final boolean done) {
        if (over || !done) {
            return;
        }
        if (answers.size() >= desk.group.needed()) {
            end(new ReleaseAction.ReleasedSingly(asked.token(), asked.part(), List.copyOf(answers.values()),
                terms.contractVersion()));
        } else {
            final Code code = desk.isOver(deadlineNs) && terms == null ? Code.TIMED_OUT : Code.NOT_ENOUGH_REPLICAS;
            end(new Refused(asked.token(), code, "answers=" + answers.keySet() + " needed=" + desk.group.needed()));
        }
    }

    private void end(final ReleaseAction answer) {
        over = true;
        look = null;
        desk.act(answer);
    }

    @Override
    public long nextTickNs(final long otherNs) {
        final long next = deadlineNs - otherNs < 0 ? deadlineNs : otherNs;
        if (look != null) {
            return look.nextTickNs(next);
        }
        return repeatNs - next < 0 ? repeatNs : next;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
