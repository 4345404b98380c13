package org.ztp.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.journal.TestRecords.append;
import static org.ztp.storage.journal.TestRecords.into;
import static org.ztp.storage.journal.TestRecords.small;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.TestRecords.Entry;

/** Every call to the disk fails in turn; power is lost at every call. */
final class JournalFaultTest {
    private static final int RECORDS = 12;

    private final List<Entry> appended = new ArrayList<>();
    private int committed;

    /** Appends and commits to disk until a call fails. */
    private void run(final SimulatedDisk disk, final JournalOptions options) {
        appended.clear();
        committed = 0;
        final SplittableRandom random = new SplittableRandom(5);
        final Journal journal = Journal.open(disk, options, 0, into(new ArrayList<>()));
        try {
            for (int i = 0; i < RECORDS; i++) {
                final byte[] payload = TestRecords.payload(random, i == 7 ? 6000 : 900);
                appended.add(append(journal, 1, payload));
                if (i % 2 == 1) {
                    journal.commit(Durability.DISK);
                    committed = i + 1;
                }
            }
            journal.close();
        } catch (final StorageException e) {
            assertThrows(StorageException.class, () -> journal.append(1, new UnsafeBuffer(new byte[1]), 0, 1));
            assertThrows(StorageException.class, () -> journal.commit(Durability.MEMORY));
            journal.close();
            throw e;
        }
    }

    /** Appends, and goes on appending while commits to disk are under way, until a call fails. */
    private void runOverlapping(final SimulatedDisk disk, final JournalOptions options) {
        appended.clear();
        committed = 0;
        final SplittableRandom random = new SplittableRandom(6);
        final Journal journal = Journal.open(disk, options, 0, into(new ArrayList<>()));
        try {
            for (int i = 0; i < RECORDS; i++) {
                final boolean done = journal.beginCommit(Durability.DISK, () -> { });
                final int before = appended.size();
                for (int k = 0; k < 4; k++) {
                    appended.add(append(journal, 1, TestRecords.payload(random, i == 7 ? 6000 : 3000)));
                }
                if (!done) {
                    journal.awaitCommit();
                }
                assertTrue(journal.commitEnded());
                committed = before;
            }
            journal.close();
        } catch (final StorageException e) {
            assertThrows(StorageException.class, () -> journal.append(1, new UnsafeBuffer(new byte[1]), 0, 1));
            assertThrows(StorageException.class, journal::commitEnded);
            journal.close();
            throw e;
        }
    }

    /** Some unfinished record may be there too, but nothing that was committed may be missing. */
    private void assertSurvived(final SimulatedDisk disk, final JournalOptions options, final String what) {
        final List<Entry> replayed = new ArrayList<>();
        final Journal journal = Journal.open(disk, options, 0, into(replayed));
        assertTrue(replayed.size() >= committed, what + " " + journal.openReport());
        final int known = Math.min(replayed.size(), appended.size());
        assertEquals(appended.subList(0, known), replayed.subList(0, known), what);
        assertTrue(replayed.size() <= appended.size() + 1, what);
        assertTrue(journal.openReport().outcome() != OpenReport.Outcome.CORRUPT, what + " " + journal.openReport());
        append(journal, 2, new byte[100]);
        journal.commit(Durability.DISK);
        journal.close();
        assertTrue(JournalAudit.run(disk, TestRecords.TAG, into(new ArrayList<>())).isEmpty(), what);
    }

    @ParameterizedTest
    @EnumSource(SimulatedDisk.Fault.class)
    void everyCallFailsInTurnAndWhatWasCommittedSurvives(final SimulatedDisk.Fault fault) {
        for (int preallocate = 0; preallocate <= 1024; preallocate += 1024) {
            final JournalOptions options = small(Durability.DISK, preallocate);
            final SimulatedDisk healthy = new SimulatedDisk(0);
            run(healthy, options);
            for (int call = 1; call <= healthy.calls(); call++) {
                final SimulatedDisk disk = new SimulatedDisk(call);
                disk.failCall(call, fault);
                runUntilFault(() -> run(disk, options));
                final String what = fault + " at call " + call + " preallocate " + preallocate;
                if (call % 2 == 0) {
                    disk.killProcess();
                } else {
                    disk.losePower();
                }
                assertSurvived(disk, options, what);
            }
        }
    }

    @Test
    void powerLostWhileACommitIsUnderWayLosesNothingThatHasEnded() {
        losePowerAtEachCall(new JournalOptions(TestRecords.TAG, Durability.DISK, 32 << 10, 1 << 20, 4096, 1024, true), 5,
            this::runOverlapping);
    }

    @Test
    void powerLostAtAnyCallLosesNothingCommitted() {
        losePowerAtEachCall(small(Durability.DISK, 1024), 20, this::run);
    }

    private void losePowerAtEachCall(final JournalOptions options, final int seeds,
                                     final BiConsumer<SimulatedDisk, JournalOptions> load) {
        final SimulatedDisk healthy = new SimulatedDisk(0);
        load.accept(healthy, options);
        for (int call = 1; call <= healthy.calls(); call++) {
            for (int seed = 0; seed < seeds; seed++) {
                final SimulatedDisk disk = new SimulatedDisk(call * 1000L + seed);
                disk.failCall(call, SimulatedDisk.Fault.CRASH);
                runUntilFault(() -> load.accept(disk, options));
                disk.losePower();
                assertSurvived(disk, options, "power lost at call " + call + " seed " + seed);
            }
        }
    }

    private static void runUntilFault(final Runnable run) {
        try {
            run.run();
        } catch (final StorageException e) {
            assertTrue(e.getMessage().contains("simulated fault"), e.getMessage());
        }
    }

    @Test
    void everyCallOfARepairFailsInTurnAndTheNextOneFinishesIt() {
        final JournalOptions options = small(Durability.DISK, 0);
        final SimulatedDisk written = new SimulatedDisk(0);
        run(written, options);
        final List<Entry> expected = List.copyOf(appended.subList(0, 3));
        final long damaged = appended.get(3).position() + 18;
        assertTrue(damaged < 4096 && written.fileNames().size() > 2);
        for (int call = 1;; call++) {
            final SimulatedDisk disk = new SimulatedDisk(call);
            written.fileNames().forEach(name -> disk.put(name, written.bytes(name)));
            disk.flip(SegmentFormat.name(0), damaged, 1);
            disk.failCall(call, SimulatedDisk.Fault.CRASH);
            boolean failed = false;
            try {
                Journal.open(disk, options, 0, into(new ArrayList<>())).close();
            } catch (final StorageException e) {
                failed = true;
            }
            disk.losePower();
            final List<Entry> replayed = new ArrayList<>();
            Journal.open(disk, options, 0, into(replayed)).close();
            assertEquals(expected, replayed, "call " + call);
            if (!failed) {
                return;
            }
        }
    }

    @Test
    void aFullDiskShowsAheadOfTime() {
        final SimulatedDisk disk = new SimulatedDisk(3);
        disk.capacityBytes(3000);
        final Journal journal = Journal.open(disk, small(Durability.DISK, 1024), 0, into(new ArrayList<>()));
        int before = 0;
        while (!journal.isSpaceShort()) {
            append(journal, 1, new byte[84]);
            journal.commit(Durability.DISK);
            before++;
        }
        assertTrue(before < 28, "some room is left when it shows");
        append(journal, 1, new byte[84]);
        journal.commit(Durability.DISK);
        append(journal, 1, new byte[3000]);
        final StorageException full = assertThrows(StorageException.class, () -> journal.commit(Durability.DISK));
        assertEquals(StorageException.Kind.NO_SPACE, full.kind());
        assertEquals(StorageException.Kind.NO_SPACE,
            assertThrows(StorageException.class, () -> journal.commit(Durability.DISK)).kind());
        journal.close();
        disk.capacityBytes(Long.MAX_VALUE);
        assertEquals(before + 1, TestRecords.replay(disk, small(Durability.DISK, 0)).size());
    }

    /** The zeros' force is the first that the kernel tells of a record that it could not write back. */
    @Test
    void aCommitFailsThoughTheForceOfZerosWasToldOfItsRecordsFirst() {
        final SimulatedDisk disk = new SimulatedDisk(4);
        final Journal journal = Journal.open(disk, small(Durability.DISK, 1024), 0, into(new ArrayList<>()));
        append(journal, 1, new byte[900]);
        journal.commit(Durability.OS);
        final List<String> failed = new ArrayList<>();
        disk.onForce(name -> {
            if (failed.isEmpty()) {
                failed.add(name);
                disk.failWriteBack(name);
            }
        });
        append(journal, 1, new byte[900]);
        assertThrows(StorageException.class, () -> journal.commit(Durability.DISK));
        assertEquals(List.of(SegmentFormat.name(0)), failed);
        try {
            journal.close();
        } catch (final StorageException zeros) {
            assertTrue(zeros.getMessage().contains("not written back"), zeros.getMessage());
        }
    }

    @Test
    void whatIsReplayedAfterAForceFailedSurvivesPower() {
        for (int seed = 0; seed < 20; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final JournalOptions options = small(Durability.DISK, 0);
            final Journal journal = Journal.open(disk, options, 0, into(new ArrayList<>()));
            append(journal, new SplittableRandom(seed), 3, 900);
            journal.commit(Durability.DISK);
            append(journal, new SplittableRandom(seed), 3, 300);
            disk.onForce(disk::failWriteBack);
            assertThrows(StorageException.class, () -> journal.commit(Durability.DISK));
            disk.onForce(name -> { });
            disk.killProcess();
            final List<Entry> replayed = TestRecords.replay(disk, options);
            assertEquals(6, replayed.size());
            disk.losePower();
            assertEquals(replayed, TestRecords.replay(disk, options), "seed " + seed);
        }
    }

    @Test
    void commitsToTheKernelSurviveAKilledProcess() {
        for (int seed = 0; seed < 50; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final JournalOptions options = small(Durability.OS, 512);
            final Journal journal = Journal.open(disk, options, 0, into(new ArrayList<>()));
            final List<Entry> written = append(journal, new SplittableRandom(seed), 10, 900);
            journal.commit(Durability.OS);
            append(journal, 1, new byte[10]);
            assertThrows(IllegalArgumentException.class, () -> journal.commit(Durability.DISK));
            disk.killProcess();
            assertEquals(written, TestRecords.replay(disk, options));
            disk.losePower();
            final List<Entry> replayed = TestRecords.replay(disk, options);
            assertEquals(written.subList(0, replayed.size()), replayed);
        }
    }

    @Test
    void whatAnOpeningReplayedSurvivesPower() {
        final JournalOptions options = small(Durability.DISK, 512);
        for (int seed = 0; seed < 50; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final Journal journal = Journal.open(disk, options, 0, into(new ArrayList<>()));
            append(journal, new SplittableRandom(seed), 10, 900);
            journal.commit(Durability.OS);
            disk.killProcess();
            final List<Entry> replayed = TestRecords.replay(disk, options);
            assertEquals(10, replayed.size());
            disk.losePower();
            assertEquals(replayed, TestRecords.replay(disk, options));
        }
    }
}
