package org.ztp.storage.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.journal.TestRecords.TAG;
import static org.ztp.storage.journal.TestRecords.append;
import static org.ztp.storage.journal.TestRecords.entry;
import static org.ztp.storage.journal.TestRecords.into;
import static org.ztp.storage.journal.TestRecords.replay;
import static org.ztp.storage.journal.TestRecords.small;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.TestRecords.Entry;

/** What a journal does on either disk. */
final class JournalTest {
    @TempDir
    static Path directory;
    private static int number;

    static Stream<Disk> disks() {
        return Stream.of(new FileDisk(directory.resolve("journal-" + number++)),
            new FileDisk(directory.resolve("journal-" + number++), PastCache.ALWAYS), new SimulatedDisk(1));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatWasAppendedIsReplayedReadAndScanned(final Disk disk) {
        final List<Entry> expected;
        try (Journal journal = Journal.open(disk, small(Durability.DISK, 1024), 0, into(new ArrayList<>()))) {
            assertEquals(OpenReport.Outcome.CREATED, journal.openReport().outcome());
            expected = append(journal, new SplittableRandom(1), 100, 700);
            journal.commit(Durability.DISK);
            assertReadAndScanned(expected, journal);
        }
        final List<Entry> replayed = new ArrayList<>();
        try (Journal journal = Journal.open(disk, small(Durability.DISK, 1024), 0, into(replayed))) {
            assertEquals(OpenReport.Outcome.CLEAN, journal.openReport().outcome());
            assertEquals(100, journal.openReport().records());
            assertReadAndScanned(expected, journal);
        }
        assertEquals(expected, replayed);
        assertTrue(JournalAudit.run(disk, TAG, into(new ArrayList<>())).isEmpty());
        assertTrue(disk.list("").size() > 5, "segments roll");
    }

    private static void assertReadAndScanned(final List<Entry> expected, final Journal journal) {
        for (final Entry entry : expected) {
            assertEquals(entry, entry(journal.read(entry.position())));
            for (final int guess : new int[] {-1, 1, entry.payload().length, 5_000, Integer.MAX_VALUE}) {
                assertEquals(entry, entry(journal.read(entry.position(), guess)), "guess " + guess);
            }
        }
        final JournalCursor cursor = journal.scan(Journal.START);
        for (final Entry entry : expected) {
            assertEquals(entry, entry(cursor.next()));
        }
        assertEquals(JournalRecord.Verdict.ABSENT, cursor.next().verdict());
        final Entry middle = expected.get(expected.size() / 2);
        assertEquals(middle, entry(journal.scan(middle.position()).next()));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aReopenedJournalGoesOnWhereItEnded(final Disk disk) {
        final SplittableRandom random = new SplittableRandom(2);
        final List<Entry> expected = new ArrayList<>();
        for (int run = 0; run < 12; run++) {
            final List<Entry> replayed = new ArrayList<>();
            final Journal journal =
                Journal.open(disk, small(Durability.OS, run % 2 * 2048), Journal.START, into(replayed));
            assertEquals(expected, replayed);
            expected.addAll(append(journal, random, 9, 900));
            journal.commit(Durability.OS);
            if (run % 3 == 0) {
                journal.abandon();
            } else {
                journal.close();
            }
        }
        assertEquals(expected, replay(disk, small(Durability.OS, 0)));
        assertTrue(JournalAudit.run(disk, TAG, into(new ArrayList<>())).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("disks")
    void replayFromAPositionSkipsWhatIsBefore(final Disk disk) {
        final List<Entry> expected;
        try (Journal journal = Journal.open(disk, small(Durability.OS, 0), 0, into(new ArrayList<>()))) {
            expected = append(journal, new SplittableRandom(3), 60, 700);
        }
        for (int first = 0; first < expected.size(); first++) {
            final List<Entry> replayed = new ArrayList<>();
            final Journal journal =
                Journal.open(disk, small(Durability.OS, 0), expected.get(first).position(), into(replayed));
            assertEquals(expected.subList(first, expected.size()), replayed);
            assertEquals(expected.get(0), entry(journal.read(expected.get(0).position())));
            journal.close();
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aRecordLongerThanTheBufferAndTheSegmentIsKept(final Disk disk) {
        final byte[] huge = new byte[300_001];
        new SplittableRandom(4).nextBytes(huge);
        final List<Entry> expected = new ArrayList<>();
        try (Journal journal = Journal.open(disk, small(Durability.DISK, 1024), 0, into(new ArrayList<>()))) {
            for (int i = 0; i < 3; i++) {
                expected.add(append(journal, 1, new byte[] {1, 2, 3}));
                expected.add(append(journal, 2, huge));
                expected.add(append(journal, 3, new byte[4081]));
                expected.add(append(journal, 3, new byte[4080]));
                journal.commit(Durability.DISK);
            }
            assertReadAndScanned(expected, journal);
        }
        assertEquals(expected, replay(disk, small(Durability.DISK, 1024)));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void partsBecomeOneRecord(final Disk disk) {
        final UnsafeBuffer letters = new UnsafeBuffer("abcdefgh".getBytes(StandardCharsets.US_ASCII));
        try (Journal journal = Journal.open(disk, small(Durability.OS, 0), 0, into(new ArrayList<>()))) {
            final long two = journal.append(5, letters, 0, 2, letters, 4, 3);
            journal.begin(6, 4);
            journal.add(letters, 7, 1);
            journal.add(letters, 0, 0);
            journal.add(letters, 0, 3);
            assertThrows(IllegalStateException.class, () -> journal.add(letters, 0, 1));
            assertThrows(IllegalStateException.class, () -> journal.commit(Durability.OS));
            final long four = journal.end();
            journal.commit(Durability.OS);
            assertArrayEquals("abefg".getBytes(StandardCharsets.US_ASCII),
                entry(journal.read(two)).payload());
            assertArrayEquals("habc".getBytes(StandardCharsets.US_ASCII),
                entry(journal.read(four)).payload());
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void committedRecordsAreReadableWhateverTheDurability(final Durability durability) {
        final SimulatedDisk disk = new SimulatedDisk(5);
        final SplittableRandom random = new SplittableRandom(5);
        try (Journal journal = Journal.open(disk, small(durability, 512), 0, into(new ArrayList<>()))) {
            final List<Entry> expected = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                final Entry entry = append(journal, 9, TestRecords.payload(random, i % 50 == 7 ? 9000 : 300));
                assertEquals(JournalRecord.Verdict.ABSENT, journal.read(entry.position()).verdict());
                journal.commit(durability);
                expected.add(entry);
                assertEquals(entry, entry(journal.read(entry.position())));
            }
            assertReadAndScanned(expected, journal);
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aPositionThatIsNoRecordHasAVerdict(final Disk disk) {
        try (Journal journal = Journal.open(disk, small(Durability.OS, 0), 0, into(new ArrayList<>()))) {
            append(journal, new SplittableRandom(6), 30, 700);
            journal.commit(Durability.OS);
            final long end = journal.committedPosition();
            for (long position = -8; position < end + 64; position++) {
                final JournalRecord record = journal.read(position);
                assertEquals(position, record.position());
            }
            assertEquals(JournalRecord.Verdict.ABSENT, journal.read(0).verdict());
            assertEquals(JournalRecord.Verdict.CORRUPT, journal.read(72).verdict());
            assertEquals(JournalRecord.Verdict.ABSENT, journal.read(end).verdict());
            assertEquals(JournalRecord.Verdict.ABSENT, journal.read(Long.MIN_VALUE).verdict());
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void anotherTagIsRefusedAndNothingTouched(final Disk disk) {
        try (Journal journal = Journal.open(disk, small(Durability.OS, 0), 0, into(new ArrayList<>()))) {
            append(journal, new SplittableRandom(7), 20, 500);
        }
        final JournalOptions other =
            new JournalOptions(TestRecords.tag(8), Durability.OS, 4096, 1 << 20, 4096, 0, false);
        final StorageException refused = assertThrows(StorageException.class, () -> replay(disk, other));
        assertEquals(StorageException.Kind.CORRUPT, refused.kind());
        assertEquals(20, replay(disk, small(Durability.OS, 0)).size());
    }

    @ParameterizedTest
    @MethodSource("disks")
    void limitsOfTypeAndLengthHold(final Disk disk) {
        try (Journal journal = Journal.open(disk, small(Durability.OS, 0), 0, into(new ArrayList<>()))) {
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[(1 << 20) + 1]);
            assertThrows(IllegalArgumentException.class, () -> journal.append(0, bytes, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> journal.append(256, bytes, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> journal.append(1, bytes, 0, bytes.capacity()));
            assertThrows(IndexOutOfBoundsException.class, () -> journal.append(1, bytes, 1, bytes.capacity()));
            journal.append(255, bytes, 0, 1 << 20);
            journal.append(1, bytes, 0, 0);
            journal.commit(Durability.OS);
        }
        assertEquals(2, replay(disk, small(Durability.OS, 0)).size());
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aCleanlyClosedJournalHasNoSlack(final Disk disk) {
        final long end;
        try (Journal journal = Journal.open(disk, small(Durability.DISK, 4096), 0, into(new ArrayList<>()))) {
            append(journal, new SplittableRandom(8), 3, 500);
            journal.commit(Durability.DISK);
            end = journal.committedPosition();
            try (var file = disk.open(SegmentFormat.name(0), Disk.Mode.READ)) {
                assertTrue(file.size() > end, "zeros ahead");
            }
        }
        try (var file = disk.open(SegmentFormat.name(0), Disk.Mode.READ)) {
            assertEquals(end, file.size());
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aClosedJournalRefusesEverything(final Disk disk) {
        final Journal journal = Journal.open(disk, small(Durability.DISK, 0), 0, into(new ArrayList<>()));
        journal.close();
        assertThrows(StorageException.class, () -> journal.append(1, new UnsafeBuffer(new byte[1]), 0, 1));
        assertThrows(StorageException.class, () -> journal.commit(Durability.OS));
        assertThrows(StorageException.class, () -> journal.read(64));
        assertFalse(journal.isSpaceShort());
    }
}
