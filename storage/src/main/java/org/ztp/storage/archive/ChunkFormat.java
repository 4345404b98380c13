package org.ztp.storage.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a chunk. Little-endian.
 *
 * <pre>
 *   0         8         12       16      24      32     64       96     128       136     144     148      160
 *   +---------+---------+--------+-------+-------+------+--------+------+---------+-------+-------+--------+
 *   | magic   | version | crc32c | first | last  | tag  | before | link | records | bytes | chain | zeros  |
 *   +---------+---------+--------+-------+-------+------+--------+------+---------+-------+-------+--------+
 *
 *   record, at a multiple of 8
 *   0        4        8                              15   16
 *   +--------+--------+------------------------------+----+----------------+---------+
 *   | length | crc32c | height (56 bits)             |kind| payload        | zeros   |
 *   +--------+--------+------------------------------+----+----------------+---------+
 *                                                          length bytes     to 8 bytes
 * </pre>
 *
 * <p>The checksums are CRC-32C (RFC 3720, B.4): of the header with its field as zero; of a record's offset in the file
 * (8 bytes) and the record, zeros included, with its field as zero. The chain begins as 0 and becomes {@code
 * rotate-left(chain, 1) xor crc32c} with each record's checksum: so no record of another chunk can take its place.
 */
final class ChunkFormat {
    static final int HEADER_BYTES = 160;
    static final int RECORD_HEADER_BYTES = 16;
    static final int ALIGNMENT = 8;
    static final int KIND_MAX = 255;
    /** Longest payload. */
    static final int LENGTH_MAX = 1 << 30;

    private static final byte[] MAGIC = {'Z', 'T', 'P', 'A', 'R', 'C', 'H', 0};
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int CRC_AT = 12;
    private static final int FIRST_AT = 16;
    private static final int LAST_AT = 24;
    private static final int TAG_AT = 32;
    private static final int BEFORE_AT = 64;
    private static final int LINK_AT = 96;
    private static final int RECORDS_AT = 128;
    private static final int BYTES_AT = 136;
    private static final int CHAIN_AT = 144;
    private static final int ZEROS_AT = 148;
    private static final int KIND_SHIFT = 56;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES + RECORD_HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);

    /**
     * What a header says.
     *
     * @param chunk   heights and link
     * @param before  link of the height before the first
     * @param records in the file
     * @param bytes   of all records
     * @param chain   of their checksums
     */
    record Header(Chunk chunk, Link before, long records, long bytes, int chain) {
    }

    static long sizeOf(final long length) {
        return RECORD_HEADER_BYTES + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    static int paddingOf(final int length) {
        return -length & ALIGNMENT - 1;
    }

    static int chain(final int chain, final int crc) {
        return Integer.rotateLeft(chain, 1) ^ crc;
    }

    static long word(final long height, final int kind) {
        return (long) kind << KIND_SHIFT | height;
    }

    static int kind(final long word) {
        return (int) (word >>> KIND_SHIFT);
    }

    static long height(final long word) {
        return word & Chunk.HEIGHT_MAX;
    }

    static ByteBuffer encode(final Header header, final byte[] tag) {
        final ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, MAGIC).putInt(VERSION_AT, VERSION);
        bytes.putLong(FIRST_AT, header.chunk().first()).putLong(LAST_AT, header.chunk().last()).put(TAG_AT, tag);
        bytes.put(BEFORE_AT, header.before().toBytes()).put(LINK_AT, header.chunk().link().toBytes());
        bytes.putLong(RECORDS_AT, header.records()).putLong(BYTES_AT, header.bytes()).putInt(CHAIN_AT, header.chain());
        return bytes.putInt(CRC_AT, headerCrc(bytes));
    }

    private static int headerCrc(final ByteBuffer header) {
        final byte[] bytes = Arrays.copyOf(header.array(), HEADER_BYTES);
        Arrays.fill(bytes, CRC_AT, CRC_AT + Integer.BYTES, (byte) 0);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * What is wrong with a header.
     *
     * @param bytes    160 of them, on the heap
     * @param expected what the file's name says
     * @param tag      32 bytes
     * @return one line, or an empty string
     */
    static String fault(final ByteBuffer bytes, final Chunk expected, final byte[] tag) {
        final byte[] array = bytes.array();
        if (!Arrays.equals(array, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return "not a chunk of an archive";
        }
        if (bytes.getInt(CRC_AT) != headerCrc(bytes)) {
            return "wrong checksum of the header";
        }
        if (bytes.getInt(VERSION_AT) != VERSION) {
            return "version: expected=" + VERSION + " actual=" + bytes.getInt(VERSION_AT);
        }
        if (!Arrays.equals(array, TAG_AT, BEFORE_AT, tag, 0, tag.length)) {
            return "a chunk of another ledger";
        }
        if (bytes.getLong(FIRST_AT) != expected.first() || bytes.getLong(LAST_AT) != expected.last()
            || !link(array, LINK_AT).equals(expected.link())) {
            return "the name does not fit the header: heights=" + bytes.getLong(FIRST_AT) + ".."
                + bytes.getLong(LAST_AT) + " link=" + link(array, LINK_AT);
        }
        if (bytes.getLong(BYTES_AT) < 0 || bytes.getLong(ZEROS_AT) != 0
            || bytes.getInt(ZEROS_AT + Long.BYTES) != 0) {
            return "malformed header";
        }
        return "";
    }

    /** What a header without a fault says. */
    static Header decode(final ByteBuffer bytes, final Chunk chunk) {
        return new Header(chunk, link(bytes.array(), BEFORE_AT), bytes.getLong(RECORDS_AT), bytes.getLong(BYTES_AT),
            bytes.getInt(CHAIN_AT));
    }

    private static Link link(final byte[] bytes, final int offset) {
        return new Link(Arrays.copyOfRange(bytes, offset, offset + Link.BYTES));
    }

    /** Begins a record's checksum with all that stands before the payload. */
    void begin(final long offset, final int length, final long word) {
        prefix.putLong(0, offset).putInt(Long.BYTES, length).putInt(Long.BYTES + Integer.BYTES, 0);
        prefix.putLong(2 * Long.BYTES, word);
        crc.reset();
        crc.update(prefix.clear());
    }

    /** Goes on with bytes of the payload and the padding. */
    void update(final ByteBuffer bytes) {
        crc.update(bytes);
    }

    int end() {
        return (int) crc.getValue();
    }
}
