package org.ztp.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.ChunkWriter;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.safety.SafetyStore;

/** Golden bytes, made from FORMAT.md by a program that shares nothing with this one. */
final class FormatTest {
    private static final String SEGMENT =
        "5a54504a524e4c00" + "01000000" + "2040b6cc" + "0000000000000000" + "07".repeat(32) + "0000000000000000"
        + "03000000" + "b6fc0c1a" + "40000000000000" + "05" + "616263" + "0000000000"
        + "00000000" + "d33837ad" + "58000000000000" + "ff"
        + "10000000" + "c8239f72" + "68000000000000" + "00" + "0200000000000000" + "bfc12e99" + "00000000";
    private static final String SECTOR =
        "5a534146" + "0100000000000000" + "0000000000000000" + "e1010000" + "00000000";

    private static final String CHUNK =
        "5a54504152434800" + "01000000" + "4e698547" + "0200000000000000" + "0300000000000000" + "07".repeat(32)
        + "11".repeat(32) + "22".repeat(32) + "0300000000000000" + "4000000000000000" + "44dd0c01" + "00".repeat(12)
        + "03000000" + "62e60731" + "02000000000000" + "01" + "616263" + "0000000000"
        + "00000000" + "d47e25ca" + "02000000000000" + "ff"
        + "08000000" + "65b95951" + "03000000000000" + "02" + "3132333435363738";

    private static String hex(final byte[] bytes, final int from, final int to) {
        return HexFormat.of().formatHex(Arrays.copyOfRange(bytes, from, to));
    }

    @Test
    void aSealedSegmentHasTheseBytes() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final byte[] tag = new byte[JournalOptions.TAG_BYTES];
        Arrays.fill(tag, (byte) 7);
        final JournalOptions options = new JournalOptions(tag, Durability.OS, 4096, 4096, 4096, 0, false);
        try (Journal journal = Journal.open(disk, options, Journal.START, (p, t, b, o, l) -> { })) {
            final UnsafeBuffer abc = new UnsafeBuffer("abc".getBytes(StandardCharsets.US_ASCII));
            assertEquals(64, journal.append(5, abc, 0, 3));
            journal.commit(Durability.OS);
            assertEquals(88, journal.append(255, abc, 0, 0));
            journal.commit(Durability.OS);
            assertEquals(136 + 64, journal.append(1, new UnsafeBuffer(new byte[4096]), 0, 4096));
        }
        final byte[] sealed = disk.bytes("0000000000000000.seg");
        assertEquals(SEGMENT, hex(sealed, 0, sealed.length));
        assertEquals(64 + 16 + 4096, disk.bytes("0000000000000088.seg").length);
    }

    @Test
    void bothCopiesOfASafetyRecordHaveTheseBytes() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final byte[] record = new byte[481];
        Arrays.fill(record, (byte) 0x11);
        try (SafetyStore store = SafetyStore.open(disk, "safety")) {
            store.store(new UnsafeBuffer(record), 0, record.length, Durability.DISK);
        }
        final byte[] file = disk.bytes("safety");
        final int slot = 140_288;
        final String first = SECTOR + "11".repeat(480);
        final String second = SECTOR + "11" + "00".repeat(479);
        assertEquals("00".repeat(2 * slot), hex(file, 0, 2 * slot));
        assertEquals("03f08086" + first + "41448a28" + second, hex(file, 2 * slot, 2 * slot + 1024));
        assertEquals("00".repeat(slot - 1024), hex(file, 2 * slot + 1024, 3 * slot));
        assertEquals("57543df3" + first + "15e0375d" + second, hex(file, 3 * slot, 3 * slot + 1024));
        assertEquals("00".repeat(slot - 1024), hex(file, 3 * slot + 1024, file.length));
    }

    @Test
    void aChunkOfAnArchiveHasTheseBytes() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final byte[] tag = new byte[Link.BYTES];
        Arrays.fill(tag, (byte) 7);
        final byte[] before = new byte[Link.BYTES];
        Arrays.fill(before, (byte) 0x11);
        final byte[] link = new byte[Link.BYTES];
        Arrays.fill(link, (byte) 0x22);
        try (ChunkWriter chunk = new Archive(disk, tag, new Link(tag), "w").newChunk(2, new Link(before))) {
            final UnsafeBuffer text = new UnsafeBuffer("abc12345678".getBytes(StandardCharsets.US_ASCII));
            chunk.append(2, 1, text, 0, 3);
            chunk.append(2, 255, text, 0, 0);
            chunk.append(3, 2, text, 3, 8);
            chunk.finish(new Link(link));
        }
        final String name = "0000000000000002-0000000000000003-" + "22".repeat(32) + ".chunk";
        assertEquals(List.of(name), disk.fileNames());
        assertEquals(CHUNK, hex(disk.bytes(name), 0, disk.bytes(name).length));
    }
}
