package org.ztp.client.ring;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame in a ring: part of a message, aligned to 8 bytes.
 *
 * <pre>
 *   0         4          8          16             24       28       32
 *   +---------+----------+----------+--------------+--------+--------+---------
 *   | payload | CRC32C   | sequence | correlation  | message| offset | payload
 *   | bytes   | of the   | of the   | of request   | bytes  | in the |
 *   |         | rest     | frame    | and reply    |        | message|
 *   +---------+----------+----------+--------------+--------+--------+---------
 * </pre>
 */
final class Frame {
    static final int HEADER_BYTES = 32;
    static final int CRC = 4;
    static final int SEQUENCE = 8;
    static final int CORRELATION = 16;
    static final int MESSAGE_BYTES = 24;
    static final int OFFSET = 28;

    private Frame() {
    }

    /** Most payload of a frame in a ring: an eighth of it, 64 KiB at most. */
    static int maxPayload(final int ringBytes) {
        return Math.min(64 << 10, ringBytes / 8);
    }

    /** What a frame takes in the ring. */
    static int aligned(final int payloadBytes) {
        return HEADER_BYTES + payloadBytes + 7 & ~7;
    }

    /** The checksum of a frame that starts at an offset of a buffer. */
    static int checksum(final CRC32C crc, final ByteBuffer buffer, final int offset, final int payloadBytes) {
        crc.reset();
        crc.update(buffer.duplicate().limit(offset + HEADER_BYTES + payloadBytes).position(offset + SEQUENCE));
        return (int) crc.getValue();
    }
}
