package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a record. Little-endian, at an address that is a multiple of 8.
 *
 * <pre>
 *   0        4        8                              15   16
 *   +--------+--------+------------------------------+----+----------------+---------+
 *   | length | crc32c | floor (56 bits)              |type| payload        | zeros   |
 *   +--------+--------+------------------------------+----+----------------+---------+
 *                                                          length bytes     to 8 bytes
 * </pre>
 *
 * <p>The floor is the position before which everything had been committed when the record was appended: a valid record
 * whose floor is beyond a damaged one proves that the damaged one was not merely a write that did not finish.
 *
 * <p>The checksum is CRC-32C (RFC 3720, B.4) over the record's position (8 bytes) and the record with its checksum
 * field as zero. So a record that was written to, or left over at, a wrong place is refused.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 16;
    static final int ALIGNMENT = 8;
    static final int LENGTH_OFFSET = 0;
    static final int CRC_OFFSET = 4;
    static final int WORD_OFFSET = 8;

    /** The type of the record that ends a sealed segment. */
    static final int SEAL_TYPE = 0;
    /** Records in the segment (8 bytes), their chain of checksums (4 bytes), zeros (4 bytes). */
    static final int SEAL_LENGTH = 16;
    static final int SEAL_BYTES = HEADER_BYTES + SEAL_LENGTH;

    static final int TYPE_MAX = 255;
    /** Longest payload that a reader takes; what a writer may append is an option, and may change. */
    static final int LENGTH_MAX = 1 << 30;
    static final long POSITION_MAX = (1L << 56) - 1;

    private static final int TYPE_SHIFT = 56;
    private static final int PREFIX_BYTES = Long.BYTES + HEADER_BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of a whole record, its header and padding included. */
    static long sizeOf(final long payloadLength) {
        return HEADER_BYTES + payloadLength + ALIGNMENT - 1 & -ALIGNMENT;
    }

    static int type(final long word) {
        return (int) (word >>> TYPE_SHIFT);
    }

    static long floor(final long word) {
        return word & POSITION_MAX;
    }

    static long word(final int type, final long floor) {
        return (long) type << TYPE_SHIFT | floor;
    }

    /** One step of the checksum over the checksums of a segment's records. */
    static int chain(final int chain, final int crc) {
        return Integer.rotateLeft(chain, 1) ^ crc;
    }

    /** Begins a checksum with all that stands before the payload. */
    void begin(final long position, final int length, final long word) {
        prefix.putLong(0, position).putInt(Long.BYTES + LENGTH_OFFSET, length).putInt(Long.BYTES + CRC_OFFSET, 0);
        prefix.putLong(Long.BYTES + WORD_OFFSET, word);
        crc.reset();
        crc.update(prefix.clear());
    }

    /** Goes on with bytes of the payload and the padding; the buffer's position and limit say which. */
    void update(final ByteBuffer bytes) {
        crc.update(bytes);
    }

    int end() {
        return (int) crc.getValue();
    }

    /** The whole record's checksum; the buffer's position moves over payload and padding. */
    int crc(final long position, final int length, final long word, final ByteBuffer payload) {
        begin(position, length, word);
        update(payload);
        return end();
    }
}
