package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Prequest;
import mpi.Request;

/**
 * The MPI side of one link: receives that stay posted, and a slot for each frame of the window. All requests are
 * persistent and all buffers are used again, so a frame costs no allocation. A request is never dropped, cancelled or
 * started while it is under way: one that is stuck keeps its slot for ever. Owned by the MPI thread.
 *
 * <p>A persistent send has a fixed length, so each slot has one for each power of two; the receiver goes by the header.
 */
final class PeerPort {
    private static final int TAG = 7;
    private static final int RECEIVES_A_TURN = 16;
    private static final int SENDS_A_TURN = 8;
    private static final int LEAST_SHIFT = 6;
    private static final int CLASSES = 32 - Integer.numberOfLeadingZeros(Frame.MAX_BYTES - 1) - LEAST_SHIFT + 1;

    private final Comm comm;
    private final Link link;
    private final ByteBuffer[] receiveBuffers;
    private final Prequest[] receives;
    private int nextReceive;
    private final ByteBuffer[] slots;
    private final Prequest[][] sends;
    private final Request[] underWay;
    private int nextSlot;
    private final ByteBuffer wordBuffer = Frame.buffer();
    private final Prequest word;
    private boolean wordUnderWay;
    private final ByteBuffer goodbyeBuffer = Frame.buffer();
    private final List<Request> goodbyes = new ArrayList<>();
    private boolean failed;

    PeerPort(final Comm comm, final Link link, final int window) throws MPIException {
        this.comm = comm;
        this.link = link;
        receives = new Prequest[receives(window)];
        receiveBuffers = new ByteBuffer[receives.length];
        for (int i = 0; i < receives.length; i++) {
            receiveBuffers[i] = Frame.buffer();
            receives[i] = comm.recvInit(receiveBuffers[i], Frame.MAX_BYTES, MPI.BYTE, link.peer(), TAG);
            receives[i].start();
        }
        slots = new ByteBuffer[window];
        sends = new Prequest[window][CLASSES];
        underWay = new Request[window];
        for (int i = 0; i < window; i++) {
            slots[i] = Frame.buffer();
        }
        word = comm.sendInit(wordBuffer, 1 << LEAST_SHIFT, MPI.BYTE, link.peer(), TAG);
    }

    /** Receives that stay posted; as many goodbyes end them all. */
    private static int receives(final int window) {
        return Math.max(1, window / 2);
    }

    Link link() {
        return link;
    }

    /** Takes in what has come, and sends what may go; returns how much was done. */
    int turn(final long nowNs) {
        if (failed) {
            return 0;
        }
        try {
            return receive(nowNs) + send(nowNs);
        } catch (final MPIException broken) {
            failed = true;
            link.breakOff();
            return 1;
        }
    }

    /** An answer goes out before MPI is asked for more: asking in vain costs a turn of its progress, and may yield. */
    private int receive(final long nowNs) throws MPIException {
        int done = 0;
        while (done < RECEIVES_A_TURN && !hasLeft() && receives[nextReceive].test()) {
            link.accept(receiveBuffers[nextReceive], nowNs);
            if (!hasLeft()) {
                receives[nextReceive].start();
            }
            nextReceive = (nextReceive + 1) % receives.length;
            done++;
            if (link.wantsToSend()) {
                done += send(nowNs);
            }
        }
        return done;
    }

    private boolean hasLeft() {
        return link.condition() == org.ztp.transport.PeerState.Condition.LEFT;
    }

    private int send(final long nowNs) throws MPIException {
        int done = 0;
        while (done < SENDS_A_TURN && link.wantsToSend() && slotIsFree()) {
            final int bytes = link.fill(slots[nextSlot], nowNs);
            if (bytes == 0) {
                break;
            }
            final Prequest request = request(nextSlot, bytes);
            underWay[nextSlot] = request;
            request.start();
            nextSlot = (nextSlot + 1) % slots.length;
            done++;
        }
        if (link.owesWord(nowNs) && (!wordUnderWay || word.test())) {
            link.fillWord(wordBuffer);
            wordUnderWay = true;
            word.start();
            done++;
        }
        return done;
    }

    private boolean slotIsFree() throws MPIException {
        if (underWay[nextSlot] != null && underWay[nextSlot].test()) {
            underWay[nextSlot] = null;
        }
        return underWay[nextSlot] == null;
    }

    private Prequest request(final int slot, final int bytes) throws MPIException {
        final int shift = Math.max(LEAST_SHIFT, 32 - Integer.numberOfLeadingZeros(bytes - 1));
        final int place = shift - LEAST_SHIFT;
        if (sends[slot][place] == null) {
            sends[slot][place] = comm.sendInit(slots[slot], 1 << shift, MPI.BYTE, link.peer(), TAG);
        }
        return sends[slot][place];
    }

    /** Says goodbye, once for each receive that the peer has posted. */
    void sayGoodbye() {
        try {
            final int bytes = link.fillGoodbye(goodbyeBuffer);
            for (int i = 0; !failed && i < receives.length; i++) {
                goodbyes.add(comm.iSend(goodbyeBuffer, bytes, MPI.BYTE, link.peer(), TAG));
            }
        } catch (final MPIException broken) {
            failed = true;
            link.breakOff();
        }
    }

    /** Whether everything that was started is over, the goodbyes of both sides too, so that MPI may be ended. */
    boolean isOver() {
        try {
            return !failed && hasLeft() && !goodbyes.isEmpty() && all(goodbyes) && restIsOver();
        } catch (final MPIException broken) {
            failed = true;
            link.breakOff();
            return false;
        }
    }

    /** Whether the goodbyes are out of this process' hands. */
    boolean hasSaidGoodbye() {
        try {
            return failed || all(goodbyes);
        } catch (final MPIException broken) {
            failed = true;
            link.breakOff();
            return true;
        }
    }

    private boolean restIsOver() throws MPIException {
        for (int i = 0; i < underWay.length; i++) {
            if (underWay[i] != null && !underWay[i].test()) {
                return false;
            }
            underWay[i] = null;
        }
        if (wordUnderWay && !word.test()) {
            return false;
        }
        wordUnderWay = false;
        for (final Prequest receive : receives) {
            if (!receive.test()) {
                return false;
            }
        }
        return true;
    }

    private static boolean all(final List<Request> requests) throws MPIException {
        for (final Request request : requests) {
            if (!request.isNull() && !request.test()) {
                return false;
            }
        }
        return true;
    }
}
