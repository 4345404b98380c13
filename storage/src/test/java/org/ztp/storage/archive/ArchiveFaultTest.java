package org.ztp.storage.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.archive.TestLedger.ORIGIN;
import static org.ztp.storage.archive.TestLedger.TAG;
import static org.ztp.storage.archive.TestLedger.entries;
import static org.ztp.storage.archive.TestLedger.into;
import static org.ztp.storage.archive.TestLedger.link;
import static org.ztp.storage.archive.TestLedger.write;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.SimulatedDisk;

/** Every call to the disk fails in turn; power is lost at every call; writers come and go. */
final class ArchiveFaultTest {
    private static final int CHUNKS = 3;

    private long acknowledged;

    /** Appends chunks after the head until a call fails. */
    private void run(final SimulatedDisk disk) {
        acknowledged = 0;
        final Archive archive = new Archive(disk, TAG, ORIGIN, "w");
        archive.deleteLeftovers();
        for (int i = 0; i < CHUNKS; i++) {
            final Archive.Head head = archive.head();
            write(archive, head.height() + 1, head.height() + 3);
            acknowledged = head.height() + 3;
        }
    }

    private void runUntilFault(final SimulatedDisk disk) {
        try {
            run(disk);
        } catch (final StorageException e) {
            assertTrue(e.getMessage().contains("simulated fault"), e.getMessage());
        }
    }

    private void assertGoesOn(final SimulatedDisk disk, final String what) {
        final Archive archive = new Archive(disk, TAG, ORIGIN, "w");
        final List<TestLedger.Entry> seen = new ArrayList<>();
        final Archive.Replayed replayed = archive.replay(1, into(seen));
        assertTrue(replayed.height() >= acknowledged, what);
        assertEquals(entries(1, replayed.height()), seen, what);
        assertEquals(List.of(), replayed.findings(), what);
        archive.deleteLeftovers();
        final Archive.Head head = archive.head();
        assertEquals(replayed.height(), head.height(), what);
        write(archive, head.height() + 1, head.height() + 2);
        assertEquals(new ArchiveAudit(List.of(), List.of(), head.height() + 2), archive.audit(), what);
    }

    @ParameterizedTest
    @EnumSource(SimulatedDisk.Fault.class)
    void everyCallFailsInTurnAndWhatWasAcknowledgedSurvives(final SimulatedDisk.Fault fault) {
        final SimulatedDisk healthy = new SimulatedDisk(0);
        run(healthy);
        for (int call = 1; call <= healthy.calls(); call++) {
            final SimulatedDisk disk = new SimulatedDisk(call);
            disk.failCall(call, fault);
            runUntilFault(disk);
            if (call % 2 == 0) {
                disk.killProcess();
            } else {
                disk.losePower();
            }
            assertGoesOn(disk, fault + " at call " + call);
        }
    }

    @Test
    void powerLostAtAnyCallLeavesWholeChunksAndLeftovers() {
        final SimulatedDisk healthy = new SimulatedDisk(0);
        run(healthy);
        for (int call = 1; call <= healthy.calls(); call++) {
            for (int seed = 0; seed < 6; seed++) {
                final SimulatedDisk disk = new SimulatedDisk(call * 1000L + seed);
                disk.failCall(call, SimulatedDisk.Fault.CRASH);
                runUntilFault(disk);
                disk.losePower();
                assertGoesOn(disk, "power lost at call " + call + " seed " + seed);
            }
        }
    }

    /** Writers that do not know of each other, each now and then with an old idea of the head. */
    @Test
    void writersThatTakeOverFromEachOtherLeaveEachHeightOnce() {
        for (int seed = 0; seed < 100; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final Archive[] archives = new Archive[3];
            final Archive.Head[] heads = new Archive.Head[3];
            for (int i = 0; i < 3; i++) {
                archives[i] = new Archive(disk, TAG, ORIGIN, "w" + i);
                heads[i] = archives[i].head();
            }
            long highest = 0;
            for (int step = 0; step < 30; step++) {
                final int who = random.nextInt(3);
                if (random.nextInt(4) > 0) {
                    heads[who] = archives[who].head();
                }
                final long last = heads[who].height() + 1 + random.nextInt(6);
                write(archives[who], heads[who].height() + 1, last);
                heads[who] = new Archive.Head(last, link(last));
                highest = Math.max(highest, last);
                if (random.nextInt(5) == 0) {
                    archives[random.nextInt(3)].deleteCovered(TestLedger::ends);
                }
                final List<TestLedger.Entry> seen = new ArrayList<>();
                assertEquals(highest, archives[0].replay(1, into(seen)).height(), "seed " + seed + " step " + step);
                assertEquals(entries(1, highest), seen);
            }
            assertEquals(List.of(), archives[0].audit().damaged());
        }
    }
}
