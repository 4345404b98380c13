package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The producing end of a ring. Keeps its own tail and believes the other end's head only as far as it can be true. */
final class FrameWriter {
    private final SharedFile file;
    private final RingPlace place;
    private final ByteBuffer frame;
    private final CRC32C crc = new CRC32C();
    private long tail;
    private long head;
    private long sequence;

    FrameWriter(final SharedFile file, final RingPlace place) {
        this.file = file;
        this.place = place;
        frame = ByteBuffer.allocateDirect(Frame.aligned(Frame.maxPayload(place.ringBytes())))
            .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes as much of a message as there is room for; the number of its bytes that went in. */
    int write(final Outgoing message) throws IOException {
        final int before = message.written();
        while (!message.done()) {
            final int payload = Math.min(Frame.maxPayload(place.ringBytes()),
                message.bytes().length - message.written());
            final int size = Frame.aligned(payload);
            if (place.ringBytes() - (tail - head) < size && !hasRoom(size)) {
                break;
            }
            put(message, payload);
            message.advance(payload);
        }
        return message.written() - before;
    }

    private boolean hasRoom(final int size) throws IOException {
        final long told = file.readWord(place.headWord());
        if (told > head && told <= tail) {
            head = told;
        }
        return place.ringBytes() - (tail - head) >= size;
    }

    private void put(final Outgoing message, final int payload) throws IOException {
        final int size = Frame.aligned(payload);
        frame.clear().limit(size);
        frame.putInt(0, payload).putLong(Frame.SEQUENCE, sequence++)
            .putLong(Frame.CORRELATION, message.correlation())
            .putInt(Frame.MESSAGE_BYTES, message.bytes().length).putInt(Frame.OFFSET, message.written())
            .put(Frame.HEADER_BYTES, message.bytes(), message.written(), payload);
        for (int i = Frame.HEADER_BYTES + payload; i < size; i++) {
            frame.put(i, (byte) 0);
        }
        frame.putInt(Frame.CRC, Frame.checksum(crc, frame, 0, payload));
        final int at = (int) (tail & place.ringBytes() - 1);
        final int first = Math.min(size, place.ringBytes() - at);
        file.write(place.data() + at, frame.limit(first));
        file.write(place.data(), frame.limit(size));
        tail += size;
        file.writeWord(place.tailWord(), tail);
    }
}
