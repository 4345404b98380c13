package org.ztp.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.journal.TestRecords.append;
import static org.ztp.storage.journal.TestRecords.into;
import static org.ztp.storage.journal.TestRecords.small;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.TestRecords.Entry;

/** Reading again what is sealed, while the journal grows. */
final class JournalScrubTest {
    private static final int PASS = 200;

    private final SimulatedDisk disk = new SimulatedDisk(3);
    private final Journal journal = Journal.open(disk, small(Durability.DISK, 0), 0, into(new ArrayList<>()));
    private final JournalScrub scrub = journal.scrub();
    private final List<Entry> entries = new ArrayList<>();

    private void write(final int records) {
        for (int i = 0; i < records; i++) {
            entries.add(append(journal, 1, new byte[1_000]));
            journal.commit(Durability.DISK);
        }
    }

    /** The damage that is found in some passes over all. */
    private List<Long> found() {
        final List<Long> found = new ArrayList<>();
        for (int i = 0; i < PASS; i++) {
            scrub.step(1_500).ifPresent(found::add);
        }
        return found.stream().distinct().sorted().toList();
    }

    @Test
    void soundSegmentsAreReadForEverAndNothingIsFound() {
        assertEquals(OptionalLong.empty(), scrub.step(1_500));
        write(20);
        assertEquals(List.of(), found());
        write(20);
        assertEquals(List.of(), found());
    }

    @Test
    void damageOfEverySealedSegmentIsFoundAgainAndAgain() {
        write(20);
        disk.flip(SegmentFormat.name(0), entries.get(1).position() + 30, 1);
        final Entry later = entries.get(9);
        final long base = disk.fileNames().stream().map(SegmentFormat::base).filter(one -> one <= later.position())
            .max(Long::compare).orElseThrow();
        disk.flip(SegmentFormat.name(base), later.position() + 30 - base, 1);
        final List<Long> expected = List.of(entries.get(1).position(), later.position());
        assertEquals(expected, found());
        assertEquals(expected, found());
        assertTrue(journal.placeOf(later.position()).equals(SegmentFormat.name(base) + " offset="
            + (later.position() - base)));
    }

    @Test
    void damageOfAHeaderOrASealIsFound() {
        write(20);
        disk.flip(SegmentFormat.name(0), 3, 1);
        assertEquals(List.of((long) SegmentFormat.HEADER_BYTES), found());
        disk.flip(SegmentFormat.name(0), 3, 1);
        disk.flip(SegmentFormat.name(0), disk.bytes(SegmentFormat.name(0)).length - 1, 1);
        assertEquals(1, found().size());
    }

    @Test
    void aSegmentThatTheDiskDoesNotGiveIsPassedOver() {
        write(20);
        disk.flip(SegmentFormat.name(0), entries.get(1).position() + 30, 1);
        disk.failCall(1, SimulatedDisk.Fault.IO);
        assertThrows(StorageException.class, () -> scrub.step(1_500));
        assertEquals(List.of(entries.get(1).position()), found());
    }
}
