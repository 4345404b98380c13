package org.ztp.mpi;

import java.nio.ByteBuffer;
import org.ztp.transport.PeerState;
import org.ztp.transport.PeerState.Condition;

/**
 * What this rank and one peer say to each other: frames with a window, acknowledgements, and a verdict on silence.
 * Knows no MPI; owned by the MPI thread, but for {@link #offer} and {@link #state}, which any thread may call.
 *
 * <p>The window is what keeps a dead or stopped peer from hurting the others: no more than so many MPI sends can ever
 * be stuck. A peer is silent when frames stay unacknowledged for longer than the limit and nothing else is heard
 * either; then what waits for it is dropped and nothing more is taken, until it is heard again, which the stuck frames
 * themselves bring about if it was only stopped. What this rank itself slept through is no silence of its peers.
 */
final class Link {
    private final int peer;
    private final LinkSetting setting;
    private final Inbound.Sink sink;
    private final Outbound outbound;
    private final Inbound inbound;
    private long peerIncarnation;
    private boolean met;
    private int sequence;
    private int acknowledged;
    private int taken;
    private int told;
    private long toldLateNs;
    private long waitingSinceNs;
    private volatile Condition condition = Condition.REACHABLE;
    private volatile int unacknowledged;
    private volatile long received;
    private volatile long refused;

    Link(final int peer, final LinkSetting setting, final Inbound.Sink sink) {
        this.peer = peer;
        this.setting = setting;
        this.sink = sink;
        outbound = new Outbound(setting.maxWaiting());
        inbound = new Inbound(setting.maxParcel());
    }

    int peer() {
        return peer;
    }

    Condition condition() {
        return condition;
    }

    /** Takes a parcel to be sent. Any thread. */
    boolean offer(final byte[] parcel) {
        return outbound.offer(parcel);
    }

    /** Whether a data frame may go out, and there is something to go. */
    boolean wantsToSend() {
        return condition == Condition.REACHABLE && unacknowledged < setting.window() && !outbound.isEmpty();
    }

    /**
     * Writes the next data frame.
     *
     * @return its bytes, header included; 0 if there is nothing
     */
    int fill(final ByteBuffer frame, final long nowNs) {
        final int flags = Frame.DATA | (outbound.startsAnew() ? Frame.ANEW : 0);
        final int payload = outbound.fill(frame);
        if (payload == 0) {
            return 0;
        }
        Frame.header(frame, flags, payload, setting.incarnation(), sequence++, taken);
        told = taken;
        if (unacknowledged++ == 0) {
            waitingSinceNs = nowNs;
        }
        return Frame.HEADER_BYTES + payload;
    }

    /** Whether the peer should be told what was taken in, though there is nothing else to tell it. */
    boolean owesWord(final long nowNs) {
        final int owed = taken - told;
        return owed > 0 && condition != Condition.LEFT && condition != Condition.BROKEN
            && (2 * owed >= setting.window() || nowNs - toldLateNs >= LinkSetting.ACKNOWLEDGE_NS);
    }

    /** Writes a frame that only acknowledges; its bytes. */
    int fillWord(final ByteBuffer frame) {
        Frame.header(frame, 0, 0, setting.incarnation(), sequence, taken);
        told = taken;
        return Frame.HEADER_BYTES;
    }

    /** Writes a goodbye; its bytes. */
    int fillGoodbye(final ByteBuffer frame) {
        Frame.header(frame, Frame.GOODBYE, 0, setting.incarnation(), sequence, taken);
        told = taken;
        return Frame.HEADER_BYTES;
    }

    /** A frame has come. */
    void accept(final ByteBuffer frame, final long nowNs) {
        if (condition == Condition.BROKEN) {
            return;
        }
        if (Frame.isWellFormed(frame) && !isOfThisLife(frame)) {
            refused++;
            return;
        }
        if (!Frame.isWellFormed(frame) || !takeAcknowledgement(frame, nowNs)) {
            breakOff();
            return;
        }
        if (condition == Condition.SILENT) {
            condition = Condition.REACHABLE;
            outbound.reopen();
        }
        final int flags = Frame.flags(frame);
        if ((flags & Frame.DATA) != 0) {
            takeData(frame, flags, nowNs);
        }
        if ((flags & Frame.GOODBYE) != 0) {
            outbound.shut();
            condition = Condition.LEFT;
        }
    }

    private boolean isOfThisLife(final ByteBuffer frame) {
        if (!met) {
            met = true;
            peerIncarnation = Frame.incarnation(frame);
        }
        return peerIncarnation == Frame.incarnation(frame);
    }

    private boolean takeAcknowledgement(final ByteBuffer frame, final long nowNs) {
        final int fresh = Frame.acknowledged(frame) - acknowledged;
        if (fresh < 0 || fresh > unacknowledged) {
            return false;
        }
        acknowledged += fresh;
        unacknowledged -= fresh;
        waitingSinceNs = nowNs;
        return true;
    }

    private void takeData(final ByteBuffer frame, final int flags, final long nowNs) {
        if (Frame.sequence(frame) != taken) {
            breakOff();
            return;
        }
        if (taken++ == told) {
            toldLateNs = nowNs;
        }
        if ((flags & Frame.ANEW) != 0) {
            inbound.startAnew();
        }
        if (!inbound.accept(frame, Frame.payload(frame), sink)) {
            refused++;
        }
    }

    /**
     * Time has passed.
     *
     * @param sleptNs time since the last look
     */
    void tick(final long nowNs, final long sleptNs) {
        if (condition != Condition.REACHABLE || unacknowledged == 0) {
            return;
        }
        if (sleptNs > setting.silenceNs() / 4) {
            waitingSinceNs = nowNs;
        } else if (nowNs - waitingSinceNs > setting.silenceNs()) {
            outbound.shut();
            condition = Condition.SILENT;
        }
    }

    /** The library failed on this link, or the peer sent what no rank sends. */
    void breakOff() {
        outbound.shut();
        condition = Condition.BROKEN;
    }

    /** Whether nothing waits, or nothing can be done about it. */
    boolean isDrained() {
        return condition != Condition.REACHABLE || unacknowledged == 0 && outbound.isEmpty();
    }

    /** A parcel was handed on, or refused by who takes parcels. */
    void count(final boolean accepted) {
        if (accepted) {
            received++;
        } else {
            refused++;
        }
    }

    PeerState state() {
        return new PeerState(peer, condition, outbound.waitingParcels(), outbound.waitingBytes(), unacknowledged,
            outbound.sent(), received, outbound.dropped(), refused);
    }
}
