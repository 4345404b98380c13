package org.ztp.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.CertificateVerifier;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Voters;
import org.ztp.storage.Buffers;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.safety.SafetyAudit;
import org.ztp.wire.Hash;

/**
 * Checks one replica's safety record: every byte of it, that it makes sense, that its lock is certified, that it does
 * not go back, and that it remembers what the replica has signed.
 */
final class SafetyCheck {
    /** Readings of a file that a service writes to: one of them falls between two writes. */
    private static final int READINGS_MAX = 50;

    private final String file;
    private final Voters voters;
    private final Findings findings;
    private final Tally tally;
    private final HashIndex known;

    SafetyCheck(final String file, final Voters voters, final Findings findings, final Tally tally,
                final HashIndex known) {
        this.file = file;
        this.voters = voters;
        this.findings = findings;
        this.tally = tally;
        this.known = known;
    }

    /**
     * Checks the file.
     *
     * @param disk the replica's directory
     * @param name the file's name in it
     * @param running whether a service may be writing to it
     * @param votes what replicas have signed, added to
     * @return the newest state; empty if there is none that can be used
     */
    Optional<SafetyState> run(final Disk disk, final String name, final boolean running, final SignedVotes votes) {
        List<org.ztp.storage.Finding> damage = SafetyAudit.run(disk, name);
        List<DirectBuffer> records = SafetyAudit.records(disk, name);
        for (int i = 1; running && !damage.isEmpty() && i < READINGS_MAX; i++) {
            damage = SafetyAudit.run(disk, name);
            records = SafetyAudit.records(disk, name);
        }
        findings.addAll(file.substring(0, file.length() - name.length()), damage);
        SafetyState newest = null;
        for (final DirectBuffer record : records) {
            final Optional<SafetyState> state = decode(record);
            if (state.isEmpty()) {
                fault("not a safety record");
                return Optional.empty();
            }
            check(state.get(), votes);
            if (newest != null && isBefore(state.get(), newest)) {
                fault("the record goes back: before=" + brief(newest) + " after=" + brief(state.get()));
            }
            newest = state.get();
        }
        return Optional.ofNullable(newest);
    }

    private static Optional<SafetyState> decode(final DirectBuffer record) {
        return SafetyState.decode(Buffers.bytes(record));
    }

    private void check(final SafetyState state, final SignedVotes votes) {
        final Certificate high = state.high();
        final boolean remembered = known.contains(RecordWindow.name(high, voters));
        final CertificateVerdict verdict = remembered ? CertificateVerdict.GOOD
            : CertificateVerifier.verify(high, voters);
        tally.signatures += remembered ? 0 : high.votes().size();
        if (!verdict.good() || high.phase() != Phase.PREPARE) {
            findings.fault(file, 0, high.height(), "the lock's certificate: " + (verdict.good() ? "not of the prepare "
                + "phase" : verdict.fault() + (verdict.replica() < 0 ? "" : " replica=" + verdict.replica())));
        } else if (!voters.root().counts(high)) {
            findings.fault(file, 0, high.height(), "the lock's certificate is of before voting began anew: view expected="
                + voters.root().upTo(high.height()).firstView() + " or later actual=" + high.view());
        } else {
            known.put(RecordWindow.name(high, voters), 1);
            votes.add(high);
        }
        final boolean prepared = state.preparedView() > 0;
        final List<String> wrong = new ArrayList<>();
        require(high.view() <= state.view(), "lock's view", wrong);
        require(state.timedOut() <= state.view(), "time-out's view", wrong);
        require(state.preparedView() <= state.view(), "prepare vote's view", wrong);
        require(prepared == state.preparedHeight() > 0 && prepared != state.preparedBlock().equals(Hash.ZERO),
            "prepare vote", wrong);
        if (!wrong.isEmpty()) {
            fault("the record contradicts itself: " + String.join(", ", wrong) + " in " + brief(state));
        }
    }

    private static void require(final boolean holds, final String what, final List<String> wrong) {
        if (!holds) {
            wrong.add(what);
        }
    }

    private static boolean isBefore(final SafetyState one, final SafetyState other) {
        return one.lives() < other.lives() || one.view() < other.view() || one.timedOut() < other.timedOut()
            || isBefore(one.preparedView(), one.preparedHeight(), other.preparedView(), other.preparedHeight())
            || other.high().ranksAbove(one.high());
    }

    private static boolean isBefore(final long view, final long height, final long otherView, final long otherHeight) {
        return view < otherView || view == otherView && height < otherHeight;
    }

    /**
     * Checks that the record remembers what its replica has signed, for each vote rests on a record that was durable.
     * One that was lost, and says so, need not.
     */
    void remembers(final SafetyState state, final int replica, final SignedVotes votes) {
        if (state.muteBelow() > 0) {
            findings.note(file, "this record replaced one that was lost: no votes below view " + state.muteBelow());
            return;
        }
        votes.of(replica, Phase.COMMIT).filter(signed -> signed.ranksAbove(state.high())).ifPresent(signed ->
            forgot(replica, signed, "lock", state));
        votes.of(replica, Phase.PREPARE).filter(signed -> isBefore(state.preparedView(), state.preparedHeight(),
            signed.view(), signed.height())).ifPresent(signed -> forgot(replica, signed, "prepare vote", state));
    }

    private void forgot(final int replica, final Certificate signed, final String what, final SafetyState state) {
        findings.fault(file, 0, signed.height(), "older than what replica " + replica + " has signed: " + signed.phase()
            + " view=" + signed.view() + " height=" + signed.height() + ", and the record's " + what
            + " is before that: " + brief(state));
    }

    private static String brief(final SafetyState state) {
        return "(lives=" + state.lives() + " view=" + state.view() + " timed-out=" + state.timedOut() + " prepared="
            + state.preparedView() + "/" + state.preparedHeight() + " lock=" + state.high().view() + "/"
            + state.high().height() + ")";
    }

    private void fault(final String reason) {
        findings.fault(file, reason);
    }
}
