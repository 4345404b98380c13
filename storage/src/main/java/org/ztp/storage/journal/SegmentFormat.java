package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The name and header of a segment file: {@code <base as 16 hex digits>.seg}. Little-endian.
 *
 * <pre>
 *   0         8          12       16       24          56      64
 *   +---------+----------+--------+--------+-----------+-------+
 *   |"ZTPJRNL"| version  | crc32c | base   | tag       | zeros |
 *   +---------+----------+--------+--------+-----------+-------+
 * </pre>
 *
 * <p>The base is the position of the file's first byte: the sum of the lengths of all segments before it. The checksum
 * is CRC-32C over the 64 bytes with its own field as zero.
 */
final class SegmentFormat {
    static final int HEADER_BYTES = 64;
    static final int VERSION = 1;
    /** "ZTPJRNL\0" read as a little-endian number. */
    static final long MAGIC = 0x00_4C_4E_52_4A_50_54_5AL;

    private static final int VERSION_OFFSET = 8;
    private static final int CRC_OFFSET = 12;
    private static final int BASE_OFFSET = 16;
    private static final int TAG_OFFSET = 24;
    private static final int ZEROS_OFFSET = 56;
    private static final String SUFFIX = ".seg";
    private static final int HEX_DIGITS = 16;

    private SegmentFormat() {
    }

    static String name(final long base) {
        return String.format(Locale.ROOT, "%016x", base) + SUFFIX;
    }

    /** The base in a file's name, or -1 when it is not the name of a segment. */
    static long base(final String name) {
        if (!name.matches("[0-7][0-9a-f]{15}\\.seg")) {
            return -1;
        }
        return Long.parseLong(name.substring(0, HEX_DIGITS), 16);
    }

    static ByteBuffer encode(final long base, final byte[] tag) {
        final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, MAGIC).putInt(VERSION_OFFSET, VERSION).putLong(BASE_OFFSET, base);
        header.put(TAG_OFFSET, tag);
        return header.putInt(CRC_OFFSET, crc(header));
    }

    private static int crc(final ByteBuffer header) {
        final byte[] bytes = Arrays.copyOfRange(header.array(), 0, HEADER_BYTES);
        Arrays.fill(bytes, CRC_OFFSET, CRC_OFFSET + Integer.BYTES, (byte) 0);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Checks a header.
     *
     * @param header its 64 bytes
     * @return what is wrong with it, or an empty string
     */
    static String fault(final ByteBuffer header, final long base) {
        if (header.getLong(0) != MAGIC) {
            return "not a segment header";
        }
        if (header.getInt(CRC_OFFSET) != crc(header)) {
            return "wrong checksum of the segment header";
        }
        if (header.getInt(VERSION_OFFSET) != VERSION) {
            return "segment version: expected=" + VERSION + " actual=" + header.getInt(VERSION_OFFSET);
        }
        if (header.getLong(BASE_OFFSET) != base || header.getLong(ZEROS_OFFSET) != 0) {
            return "segment base: expected=" + base + " actual=" + header.getLong(BASE_OFFSET);
        }
        return "";
    }

    /** Whether the header is whole but of another version: a file that this program must not touch. */
    static boolean isOtherVersion(final ByteBuffer header) {
        return header.getLong(0) == MAGIC && header.getInt(CRC_OFFSET) == crc(header)
            && header.getInt(VERSION_OFFSET) != VERSION;
    }

    static byte[] tag(final ByteBuffer header) {
        return Arrays.copyOfRange(header.array(), TAG_OFFSET, ZEROS_OFFSET);
    }
}
