package org.ztp.consensus.safety;

import java.util.Optional;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Root;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a replica must never forget: it is durable before a vote that depends on it leaves.
 *
 * @param lives how often this replica has started
 * @param view the highest view entered
 * @param timedOut the highest view that this replica has said is out of time, 0 for none
 * @param muteBelow after the record was lost: no vote of any kind in views below this one; 0 if it was never lost
 * @param regained whether, after the record was lost, the lock is at least what it may have been
 * @param preparedView view of the last prepare vote
 * @param preparedHeight height of the last prepare vote
 * @param preparedBlock block of the last prepare vote
 * @param high the highest prepare certificate seen: the lock
 * @param entry the time-out certificate that opened the view, if one did; kept, so that after a restart of all replicas
 *              those in an older view can still be let in
 */
public record SafetyState(long lives, long view, long timedOut, long muteBelow, boolean regained, long preparedView,
                          long preparedHeight, Hash preparedBlock, Certificate high,
                          Optional<TimeoutCertificate> entry) {
    /** As {@code muteBelow}: the record was lost, and nothing has been learned yet. */
    public static final long FOREVER = Long.MAX_VALUE;
    private static final int VERSION = 1;

    /** The state of a replica that has done nothing yet. */
    public static SafetyState initial(final Hash chain) {
        return initial(Root.genesis(chain));
    }

    /** The state of a replica that has done nothing since the root. */
    public static SafetyState initial(final Root root) {
        return new SafetyState(0, root.firstView(), 0, 0, false, 0, 0, Hash.ZERO, root.certificate(), Optional.empty());
    }

    /** The state of a replica that has lost its record: it votes for nothing until it has learned enough to be safe. */
    public static SafetyState lost(final Hash chain) {
        return lost(Root.genesis(chain));
    }

    /** The state of a replica that has lost what it did since the root. */
    public static SafetyState lost(final Root root) {
        return initial(root).mutedBelow(FOREVER);
    }

    /** The state as bytes: 1 + 4 * 8 + 1 + 2 * 8 + 32, the certificate, and a flag before the time-out certificate. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(512);
        out.u8(VERSION).u64(lives).u64(view).u64(timedOut).u64(muteBelow).flag(regained).u64(preparedView)
            .u64(preparedHeight).hash(preparedBlock);
        high.encode(out);
        out.flag(entry.isPresent());
        entry.ifPresent(certificate -> certificate.encode(out));
        return out.toBytes();
    }

    /** Reads the state; empty if the bytes are none. */
    public static Optional<SafetyState> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        in.require(in.u8() == VERSION);
        final SafetyState state = new SafetyState(in.u64(), in.u64(), in.u64(), in.u64(), in.flag(), in.u64(), in.u64(),
            in.hash(), Certificate.decode(in),
            in.flag() ? Optional.of(TimeoutCertificate.decode(in)) : Optional.empty());
        final boolean fits = state.view > 0
            && (state.entry.isEmpty() || state.entry.get().view() == state.view - 1);
        return in.finished() && fits ? Optional.of(state) : Optional.empty();
    }

    /** Whether votes are withheld, since the record was lost. */
    public boolean isMute() {
        return muteBelow > 0 && !regained;
    }

    /** The state of the next life; made durable before that life does anything. */
    public SafetyState reborn() {
        return new SafetyState(lives + 1, view, timedOut, muteBelow, regained, preparedView, preparedHeight,
            preparedBlock, high, entry);
    }

    SafetyState entered(final long newView, final Optional<TimeoutCertificate> opened) {
        return new SafetyState(lives, newView, timedOut, muteBelow, regained, preparedView, preparedHeight,
            preparedBlock, high, opened);
    }

    SafetyState timedOutIn(final long lostView) {
        return new SafetyState(lives, view, lostView, muteBelow, regained, preparedView, preparedHeight, preparedBlock,
            high, entry);
    }

    SafetyState prepared(final long inView, final long height, final Hash block) {
        return new SafetyState(lives, view, timedOut, muteBelow, regained, inView, height, block, high, entry);
    }

    SafetyState locked(final Certificate certificate) {
        return new SafetyState(lives, view, timedOut, muteBelow, regained, preparedView, preparedHeight, preparedBlock,
            certificate, entry);
    }

    SafetyState mutedBelow(final long floor) {
        return new SafetyState(lives, view, timedOut, floor, false, preparedView, preparedHeight, preparedBlock, high,
            entry);
    }

    SafetyState withLockRegained() {
        return new SafetyState(lives, view, timedOut, muteBelow, true, preparedView, preparedHeight, preparedBlock,
            high, entry);
    }
}
