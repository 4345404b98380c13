package org.ztp.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.journal.TestRecords.TAG;
import static org.ztp.storage.journal.TestRecords.append;
import static org.ztp.storage.journal.TestRecords.into;
import static org.ztp.storage.journal.TestRecords.small;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ztp.storage.Durability;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.TestRecords.Entry;

/** What opening and auditing do with damaged journals: exhaustive over small ones. */
final class JournalDamageTest {
    private static final JournalOptions OPTIONS = small(Durability.DISK, 1024);

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, byte[]> files = new TreeMap<>();

    private void write(final int count, final int maxLength, final int commitEvery, final boolean close) {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Journal journal = Journal.open(disk, OPTIONS, 0, into(new ArrayList<>()));
        final SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < count; i++) {
            entries.addAll(append(journal, random, 1, maxLength));
            if (i % commitEvery == commitEvery - 1) {
                journal.commit(Durability.DISK);
            }
        }
        journal.commit(Durability.DISK);
        if (close) {
            journal.close();
        }
        disk.fileNames().forEach(name -> files.put(name, disk.bytes(name)));
    }

    private SimulatedDisk copy() {
        final SimulatedDisk disk = new SimulatedDisk(2);
        files.forEach(disk::put);
        return disk;
    }

    private String lastFile() {
        return files.keySet().stream().reduce((a, b) -> b).orElseThrow();
    }

    private static OpenReport open(final SimulatedDisk disk, final List<Entry> replayed) {
        final Journal journal = Journal.open(disk, OPTIONS, 0, into(replayed));
        journal.close();
        return journal.openReport();
    }

    /** After any repair the journal is whole, and takes records. */
    private void assertWhole(final SimulatedDisk disk, final List<Entry> replayed) {
        assertTrue(errors(disk).isEmpty());
        final List<Entry> again = new ArrayList<>();
        final Journal journal = Journal.open(disk, OPTIONS, 0, into(again));
        assertEquals(replayed, again);
        assertEquals(OpenReport.Outcome.CLEAN, journal.openReport().outcome());
        replayed.add(append(journal, 1, new byte[3000]));
        journal.commit(Durability.DISK);
        journal.close();
        again.clear();
        assertEquals(OpenReport.Outcome.CLEAN, open(disk, again).outcome());
        assertEquals(replayed, again);
    }

    private static List<Finding> errors(final SimulatedDisk disk) {
        return JournalAudit.run(disk, TAG, into(new ArrayList<>())).stream()
            .filter(finding -> finding.isError() || finding.kind() == Finding.Kind.TORN_TAIL).toList();
    }

    private void assertPrefix(final List<Entry> replayed) {
        assertEquals(entries.subList(0, replayed.size()), replayed);
    }

    @Test
    void everyCutLeavesExactlyTheRecordsBeforeIt() {
        write(14, 900, 3, true);
        assertTrue(files.size() > 1);
        for (final String cutFile : files.keySet()) {
            final long base = SegmentFormat.base(cutFile);
            for (int size = 0; size <= files.get(cutFile).length; size++) {
                final SimulatedDisk disk = new SimulatedDisk(2);
                for (final String name : files.keySet()) {
                    if (name.compareTo(cutFile) < 0) {
                        disk.put(name, files.get(name));
                    }
                }
                disk.put(cutFile, Arrays.copyOf(files.get(cutFile), size));
                final long end = base + size;
                final List<Entry> replayed = new ArrayList<>();
                final OpenReport report = open(disk, replayed);
                assertEquals(entries.stream().filter(entry -> entry.end() <= end).toList(), replayed);
                assertTrue(report.outcome() != OpenReport.Outcome.CORRUPT, report.toString());
                if (size % 7 == 0) {
                    assertWhole(disk, replayed);
                }
            }
        }
    }

    @Test
    void everyFlippedByteIsFoundAndOpeningKeepsWhatIsBeforeIt() {
        write(22, 500, 3, false);
        assertTrue(files.size() > 1);
        files.forEach((name, bytes) -> {
            for (int offset = 0; offset < bytes.length; offset++) {
                final SimulatedDisk disk = copy();
                disk.flip(name, offset, 1 + offset * 31 % 255);
                final List<Finding> findings = errors(disk);
                assertFalse(findings.isEmpty(), name + " " + offset);
                assertEquals(name, findings.get(0).file());
                assertTrue(findings.get(0).offset() <= offset);
                final List<Entry> replayed = new ArrayList<>();
                open(disk, replayed);
                assertPrefix(replayed);
                final boolean inHeader = offset < SegmentFormat.HEADER_BYTES;
                final long damaged = SegmentFormat.base(name) + (inHeader ? 0 : offset);
                assertEquals(entries.stream().filter(entry -> entry.end() <= damaged).toList(), replayed);
                if (offset % 17 == 0) {
                    assertWhole(disk, replayed);
                }
            }
        });
    }

    @Test
    void damageInACommittedGroupIsToldFromATornOne() {
        write(6, 200, 2, true);
        final Entry middle = entries.get(2);
        final SimulatedDisk rotten = copy();
        rotten.flip(SegmentFormat.name(0), middle.position() + 20, 1);
        final List<Entry> replayed = new ArrayList<>();
        final OpenReport corrupt = open(rotten, replayed);
        assertEquals(OpenReport.Outcome.CORRUPT, corrupt.outcome());
        assertEquals(middle.position(), corrupt.cutAtPosition());
        assertEquals(entries.get(5).end() - middle.position(), corrupt.bytesCut(), 8);
        assertEquals("quarantine-1", corrupt.quarantine());
        final byte[] aside = rotten.bytes("quarantine-1/" + SegmentFormat.name(0));
        aside[(int) middle.position() + 20] ^= 1;
        assertTrue(Arrays.equals(files.get(SegmentFormat.name(0)), aside));

        final SimulatedDisk torn = copy();
        torn.flip(SegmentFormat.name(0), entries.get(4).position() + 20, 1);
        final OpenReport report = open(torn, new ArrayList<>());
        assertEquals(OpenReport.Outcome.TORN_TAIL, report.outcome(), "its group was the last: the valid record after "
            + "it may be of the same write");
        assertEquals(entries.get(4).position(), report.cutAtPosition());
        assertEquals("", report.quarantine());
    }

    @Test
    void onAFullDiskNoPartOfACopyIsLeftBehindAndNothingIsCut() {
        write(6, 200, 2, true);
        final SimulatedDisk disk = copy();
        final String name = SegmentFormat.name(0);
        disk.flip(name, entries.get(2).position() + 20, 1);
        final byte[] rotten = disk.bytes(name);
        final long used = files.values().stream().mapToLong(bytes -> bytes.length).sum();
        disk.capacityBytes(used + rotten.length / 2);
        for (int i = 0; i < 3; i++) {
            assertEquals(StorageException.Kind.NO_SPACE,
                assertThrows(StorageException.class, () -> open(disk, new ArrayList<>())).kind());
            assertEquals(files.keySet(), Set.copyOf(disk.fileNames()));
            assertTrue(Arrays.equals(rotten, disk.bytes(name)));
            assertFalse(disk.exists("quarantine-1"));
        }
        disk.capacityBytes(used + 2L * rotten.length + (1 << 20));
        assertEquals("quarantine-1", open(disk, new ArrayList<>()).quarantine());
    }

    /** As a kill or a power cut leaves it: each sector of the last group was written or not. */
    @Test
    void aWriteThatDidNotFinishIsNoErrorOfAnAudit() {
        write(4, 900, 2, true);
        final byte[] whole = files.get(SegmentFormat.name(0));
        final int group = (int) entries.get(2).position();
        final int first = group / 512 * 512 + 512;
        assertTrue(first + 512 < whole.length);
        for (int sector = first; sector < whole.length; sector += 512) {
            final byte[] lost = whole.clone();
            Arrays.fill(lost, sector, Math.min(sector + 512, whole.length), (byte) 0);
            assertTorn(lost);
            assertTorn(Arrays.copyOf(whole, sector));
        }
        final byte[] beginning = whole.clone();
        Arrays.fill(beginning, group, first, (byte) 0);
        assertTorn(beginning);
    }

    private void assertTorn(final byte[] segment) {
        final SimulatedDisk disk = new SimulatedDisk(2);
        disk.put(SegmentFormat.name(0), segment);
        final List<Entry> seen = new ArrayList<>();
        final List<Finding> findings = JournalAudit.run(disk, TAG, into(seen));
        assertEquals(List.of(Finding.Kind.TORN_TAIL), findings.stream().map(Finding::kind).toList());
        assertFalse(findings.get(0).isError());
        final List<Entry> kept = new ArrayList<>();
        assertEquals(OpenReport.Outcome.TORN_TAIL, open(disk, kept).outcome());
        assertEquals(kept, seen, "what the owner keeps");
    }

    @Test
    void whatIsCutOffWhereThePayloadHasZerosIsNoErrorOfAnAudit() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Journal journal = Journal.open(disk, OPTIONS, 0, into(new ArrayList<>()));
        final byte[] payload = new byte[3_000];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i / 100 % 2);
        }
        final Entry cut = append(journal, 1, payload);
        journal.close();
        final byte[] whole = disk.bytes(SegmentFormat.name(0));
        int zeros = 0;
        for (int sector = 512; sector < cut.end(); sector += 512) {
            zeros += whole[sector - 1] == 0 ? 1 : 0;
            assertTorn(Arrays.copyOf(whole, sector));
        }
        assertTrue(zeros > 0);
    }

    @Test
    void aLongRecordThatAKillCutsOffAnywhereIsNoErrorOfAnAudit() {
        for (int first = 0; first < 512; first += 96) {
            assertTrue(cutAnywhere(0, first) > 4, "cuts");
            assertTrue(cutAnywhere(64 << 10, first) > 4, "cuts");
        }
    }

    /** Returns at how many calls of the disk a record was cut off that is longer than the buffer. */
    private static int cutAnywhere(final int preallocated, final int firstLength) {
        final JournalOptions options = new JournalOptions(TAG, Durability.DISK, 1 << 20, 1 << 20, 4096, preallocated,
            false);
        for (int call = 1;; call++) {
            final SimulatedDisk disk = new SimulatedDisk(call);
            final List<Entry> whole = new ArrayList<>();
            final Journal journal = Journal.open(disk, options, 0, into(whole));
            whole.add(append(journal, 1, new byte[firstLength]));
            journal.commit(Durability.DISK);
            disk.failCall(call, SimulatedDisk.Fault.CRASH);
            boolean cut = false;
            try {
                final byte[] payload = new byte[20_000];
                Arrays.fill(payload, (byte) 5);
                whole.add(append(journal, 2, payload));
            } catch (final StorageException failed) {
                cut = true;
            }
            disk.killProcess();
            final String at = "preallocated " + preallocated + " first " + firstLength + " call " + call;
            final List<Entry> seen = new ArrayList<>();
            final List<Finding> findings = JournalAudit.run(disk, TAG, into(seen));
            assertTrue(findings.stream().noneMatch(Finding::isError), () -> at + ": " + findings);
            assertEquals(whole, seen.subList(0, whole.size()), at);
            final List<Entry> kept = new ArrayList<>();
            Journal.open(disk, options, 0, into(kept)).abandon();
            assertEquals(kept, seen, at);
            if (!cut) {
                return call - 1;
            }
        }
    }

    @Test
    void whatWasAlteredInTheLastGroupIsAnErrorOfAnAudit() {
        write(4, 900, 2, true);
        for (long offset = entries.get(2).position(); offset < entries.get(3).end(); offset++) {
            final SimulatedDisk disk = copy();
            disk.flip(SegmentFormat.name(0), offset, 1);
            final long at = offset;
            assertTrue(JournalAudit.run(disk, TAG, into(new ArrayList<>())).stream().anyMatch(Finding::isError),
                () -> "offset " + at);
        }
    }

    @Test
    void aMissingSegmentPutsThoseAfterItAside() {
        write(40, 900, 3, true);
        final List<String> names = List.copyOf(files.keySet());
        for (int missing = 0; missing < names.size() - 1; missing++) {
            final SimulatedDisk disk = new SimulatedDisk(2);
            for (final String name : names) {
                if (!name.equals(names.get(missing))) {
                    disk.put(name, files.get(name));
                }
            }
            assertTrue(errors(disk).stream().anyMatch(finding -> finding.kind() == Finding.Kind.MISSING));
            final List<Entry> replayed = new ArrayList<>();
            final OpenReport report = open(disk, replayed);
            assertEquals(OpenReport.Outcome.CORRUPT, report.outcome());
            final long base = SegmentFormat.base(names.get(missing));
            assertEquals(entries.stream().filter(entry -> entry.end() <= base).toList(), replayed);
            assertEquals(names.size() - missing - 1, disk.list("quarantine-1").size());
            assertWhole(disk, replayed);
        }
    }

    @Test
    void repeatedDamageGetsAQuarantineEach() {
        write(40, 900, 1, true);
        final SimulatedDisk disk = copy();
        for (int i = 3; i > 0; i--) {
            disk.flip(SegmentFormat.name(0), entries.get(i).position() + 1, 4);
            final OpenReport report = open(disk, new ArrayList<>());
            if (!report.quarantine().isEmpty()) {
                assertEquals("quarantine-" + (4 - i), report.quarantine());
            }
        }
        assertTrue(JournalAudit.run(disk, TAG, into(new ArrayList<>())).stream()
            .allMatch(finding -> finding.kind() == Finding.Kind.NOTE));
    }

    @Test
    void foreignFilesAreFound() {
        write(3, 100, 1, true);
        final SimulatedDisk disk = copy();
        disk.put("notes.txt", new byte[1]);
        disk.put("sub/x", new byte[1]);
        assertEquals(List.of("notes.txt", "sub"), errors(disk).stream().map(Finding::file).toList());
        assertTrue(errors(disk).stream().allMatch(finding -> finding.kind() == Finding.Kind.FOREIGN));
        assertEquals(OpenReport.Outcome.CLEAN, open(disk, new ArrayList<>()).outcome());
    }

    @Test
    void auditGivesTheRecordsAfterDamage() {
        write(20, 300, 1, true);
        final SimulatedDisk disk = copy();
        disk.flip(SegmentFormat.name(0), entries.get(3).position(), 255);
        final List<Entry> seen = new ArrayList<>();
        JournalAudit.run(disk, TAG, into(seen));
        final List<Entry> expected = new ArrayList<>(entries);
        expected.remove(3);
        assertEquals(expected, seen);
    }

    @Test
    void anyBytesAreAnsweredNotThrown() {
        final SplittableRandom random = new SplittableRandom(99);
        write(12, 500, 3, true);
        for (int i = 0; i < 300; i++) {
            final SimulatedDisk disk = copy();
            for (final String name : files.keySet()) {
                for (int sectors = random.nextInt(3); sectors > 0; sectors--) {
                    disk.corruptSector(name, random.nextInt(files.get(name).length));
                }
            }
            errors(disk);
            final List<Entry> replayed = new ArrayList<>();
            open(disk, replayed);
            assertPrefix(replayed);
            assertWhole(disk, replayed);
        }
    }
}
