package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The consuming end of a ring. Keeps its own head, copies bytes out before it looks at them, and after the first bytes
 * that make no sense gives nothing any more and says why.
 */
final class FrameReader {
    /** Takes messages. */
    @FunctionalInterface
    interface Sink {
        /** One whole message; the array is the taker's. */
        void accept(long correlation, byte[] message);
    }

    private static final long TORN_NS = 1_000_000_000;

    private final SharedFile file;
    private final RingPlace place;
    private final ByteBuffer copy;
    private final CRC32C crc = new CRC32C();
    private final Fragments fragments;
    private long head;
    private long sequence;
    private int messages;
    private long tornSinceNs;
    private boolean torn;
    private String fault;

    FrameReader(final SharedFile file, final RingPlace place, final int maxMessageBytes) {
        this.file = file;
        this.place = place;
        fragments = new Fragments(maxMessageBytes);
        copy = ByteBuffer.allocateDirect(2 * Frame.aligned(Frame.maxPayload(place.ringBytes())))
            .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads what is there, up to two frames of the largest size.
     *
     * @param maxMessages stops after so many messages
     * @return bytes taken out of the ring
     */
    int poll(final Sink sink, final int maxMessages, final long nowNs) throws IOException {
        final long tail = fault == null ? file.readWord(place.tailWord()) : head;
        if (tail == SharedFile.TORN) {
            noteTorn(nowNs);
            return 0;
        }
        torn = false;
        final long available = tail - head;
        if (available < 0 || available > place.ringBytes() || (available & 7) != 0) {
            fault = "position of the ring: expected=" + head + " .. " + (head + place.ringBytes()) + " actual=" + tail;
        }
        if (fault != null || available == 0) {
            return 0;
        }
        return readOut((int) Math.min(available, copy.capacity())) ? take(available, sink, maxMessages) : 0;
    }

    /** Why nothing more comes out, if so. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Bytes of a message that has come in part. */
    int held() {
        return fragments.held();
    }

    private void noteTorn(final long nowNs) {
        if (!torn) {
            torn = true;
            tornSinceNs = nowNs;
        } else if (nowNs - tornSinceNs > TORN_NS) {
            fault = "position of the ring is damaged";
        }
    }

    private boolean readOut(final int count) throws IOException {
        final int at = (int) (head & place.ringBytes() - 1);
        final int first = Math.min(count, place.ringBytes() - at);
        copy.clear();
        if (!file.read(place.data() + at, copy.limit(first)) || !file.read(place.data(), copy.limit(count))) {
            fault = "the file was cut short";
            return false;
        }
        return true;
    }

    private int take(final long available, final Sink sink, final int maxMessages) throws IOException {
        final int count = copy.limit();
        int taken = 0;
        messages = 0;
        while (count - taken >= Frame.HEADER_BYTES && fault == null && messages < maxMessages) {
            final int payload = copy.getInt(taken);
            if (payload < 1 || payload > Frame.maxPayload(place.ringBytes())
                    || Frame.aligned(payload) > available - taken) {
                fault = "size of a frame: limit=" + Frame.maxPayload(place.ringBytes()) + " actual=" + payload;
            } else if (Frame.aligned(payload) > count - taken) {
                break;
            } else if (accept(taken, payload, sink)) {
                taken += Frame.aligned(payload);
            }
        }
        if (fault == null && taken == 0) {
            fault = "half a frame: bytes=" + available;
        }
        if (taken > 0) {
            head += taken;
            file.writeWord(place.headWord(), head);
        }
        return taken;
    }

    private boolean accept(final int at, final int payload, final Sink sink) {
        if (copy.getInt(at + Frame.CRC) != Frame.checksum(crc, copy, at, payload)) {
            fault = "checksum of frame " + sequence;
        } else if (copy.getLong(at + Frame.SEQUENCE) != sequence) {
            fault = "sequence: expected=" + sequence + " actual=" + copy.getLong(at + Frame.SEQUENCE);
        } else {
            final long correlation = copy.getLong(at + Frame.CORRELATION);
            if (!fragments.add(correlation, copy.getInt(at + Frame.MESSAGE_BYTES), copy.getInt(at + Frame.OFFSET),
                copy.slice(at + Frame.HEADER_BYTES, payload))) {
                fault = "fragment does not fit its message";
            }
        }
        if (fault != null) {
            return false;
        }
        sequence++;
        fragments.takeWhole().ifPresent(message -> {
            messages++;
            sink.accept(copy.getLong(at + Frame.CORRELATION), message);
        });
        return true;
    }
}
