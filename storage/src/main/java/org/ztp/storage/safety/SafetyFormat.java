package org.ztp.storage.safety;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * The bytes of a safety file: four slots of 274 sectors of 512 bytes. Little-endian.
 *
 * <pre>
 *   slot 0      slot 1      slot 2      slot 3          file: 561152 bytes
 *   (even)      (even)      (odd)       (odd)           slot: 140288 bytes
 *
 *   sector:
 *   0        4        8            16             24       28      32                512
 *   +--------+--------+------------+--------------+--------+-------+-----------------+
 *   | crc32c | "ZSAF" | generation | incarnation  | length | zeros | 480 bytes       |
 *   +--------+--------+------------+--------------+--------+-------+-----------------+
 * </pre>
 *
 * <p>A record of {@code length} bytes takes max(1, ceil(length / 480)) sectors from the slot's first on, the last one
 * filled with zeros; what follows in the slot are zeros or sectors of longer, older records. The checksum is CRC-32C
 * over the slot's number (4 bytes), the sector's number in the slot (4 bytes) and the sector from byte 4 on. The
 * incarnation is 0 when the record was forced to disk, else that of the machine's run in which it was handed to the
 * kernel.
 */
final class SafetyFormat {
    static final int SECTOR_BYTES = 512;
    static final int SECTORS = 274;
    static final int SLOT_BYTES = SECTORS * SECTOR_BYTES;
    static final int SLOTS = 4;
    static final int FILE_BYTES = SLOTS * SLOT_BYTES;
    static final int DATA_OFFSET = 32;
    static final int DATA_BYTES = SECTOR_BYTES - DATA_OFFSET;

    private static final int MAGIC = 0x46_41_53_5A;
    private static final int MAGIC_OFFSET = 4;
    private static final int GENERATION_OFFSET = 8;
    private static final int INCARNATION_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;
    private static final int ZEROS_OFFSET = 28;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer place = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    /** Sectors of a record. */
    static int sectors(final int length) {
        return Math.max(1, (length + DATA_BYTES - 1) / DATA_BYTES);
    }

    /** The first of the two slots of a generation. */
    static int firstSlot(final long generation) {
        return (int) (generation & 1) * 2;
    }

    static int sectorOffset(final int slot, final int sector) {
        return slot * SLOT_BYTES + sector * SECTOR_BYTES;
    }

    /** Writes all of a record's sectors to the start of a buffer, but for their checksums. */
    static void encode(final ByteBuffer target, final long generation, final long incarnation,
                       final DirectBuffer source, final int offset, final int length) {
        for (int sector = 0; sector < sectors(length); sector++) {
            final int at = sector * SECTOR_BYTES;
            final int done = sector * DATA_BYTES;
            final int piece = Math.min(DATA_BYTES, length - done);
            target.putInt(at + MAGIC_OFFSET, MAGIC).putLong(at + GENERATION_OFFSET, generation);
            target.putLong(at + INCARNATION_OFFSET, incarnation);
            target.putInt(at + LENGTH_OFFSET, length).putInt(at + ZEROS_OFFSET, 0);
            if (piece > 0) {
                source.getBytes(offset + done, target, at + DATA_OFFSET, piece);
            }
            for (int i = at + DATA_OFFSET + piece; i < at + SECTOR_BYTES; i++) {
                target.put(i, (byte) 0);
            }
        }
    }

    /** Completes the sectors in a buffer for one slot. */
    void seal(final ByteBuffer target, final int slot, final int sectors) {
        for (int sector = 0; sector < sectors; sector++) {
            target.putInt(sector * SECTOR_BYTES, crc(target, sector * SECTOR_BYTES, slot, sector));
        }
    }

    private int crc(final ByteBuffer bytes, final int at, final int slot, final int sector) {
        place.putInt(0, slot).putInt(Integer.BYTES, sector);
        crc.reset();
        crc.update(place.clear());
        crc.update(bytes.limit(at + SECTOR_BYTES).position(at + MAGIC_OFFSET));
        bytes.clear();
        return (int) crc.getValue();
    }

    boolean isSound(final ByteBuffer file, final int slot, final int sector) {
        final int at = sectorOffset(slot, sector);
        final int length = length(file, at);
        return file.getInt(at + MAGIC_OFFSET) == MAGIC && file.getInt(at + ZEROS_OFFSET) == 0
            && length >= 0 && length <= SafetyStore.RECORD_BYTES_MAX && generation(file, at) > 0
            && file.getInt(at) == crc(file, at, slot, sector);
    }

    static boolean isEmpty(final ByteBuffer file, final int slot, final int sector) {
        final int at = sectorOffset(slot, sector);
        for (int i = 0; i < SECTOR_BYTES; i += Long.BYTES) {
            if (file.getLong(at + i) != 0) {
                return false;
            }
        }
        return true;
    }

    static long generation(final ByteBuffer file, final int at) {
        return file.getLong(at + GENERATION_OFFSET);
    }

    static long incarnation(final ByteBuffer file, final int at) {
        return file.getLong(at + INCARNATION_OFFSET);
    }

    static int length(final ByteBuffer file, final int at) {
        return file.getInt(at + LENGTH_OFFSET);
    }
}
