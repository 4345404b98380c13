package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.LedgerRecord;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.Chunk;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.wire.Hash;

/** Who copies blocks to the archive, when, and up to where. */
final class ArchiveDutyTest {
    private static final byte[] TAG = new byte[Link.BYTES];

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final FaultHook faults = new FaultHook();
    private long nowNs;

    /** Blocks that are nothing but a height; every third one is certified. */
    private static final class Blocks implements ArchiveDuty.Source {
        private long height;
        private int before;
        private boolean awaited;
        private long archived;

        @Override
        public long height() {
            return height;
        }

        @Override
        public int before() {
            return before;
        }

        @Override
        public boolean isAwaited() {
            return awaited;
        }

        @Override
        public void archived(final long upTo) {
            archived = upTo;
        }

        @Override
        public Optional<Hash> block(final long at) {
            return at > height ? Optional.empty() : Optional.of(hash(at));
        }

        @Override
        public Optional<FinalRecords> records(final long at) {
            final byte[] block = new byte[1_000];
            return at > height ? Optional.empty() : Optional.of(new FinalRecords(hash(at), hash(at - 1),
                List.of(new FinalRecords.Raw(LedgerRecord.BLOCK, new UnsafeBuffer(block))), at % 3 == 0));
        }

        static Hash hash(final long height) {
            return height == 0 ? Hash.ZERO : Hash.sha256(new byte[] {(byte) height, (byte) (height >> 8)});
        }
    }

    private static Archive archive(final SimulatedDisk disk, final String writer) {
        return new Archive(disk, TAG, new Link(TAG), writer);
    }

    private Archive archive(final String writer) {
        return archive(disk, writer);
    }

    private ArchiveDuty duty(final Archive archive, final Blocks blocks) {
        return new ArchiveDuty(archive, blocks, faults, () -> nowNs);
    }

    private ArchiveDuty duty(final Blocks blocks, final String writer) {
        return duty(archive(writer), blocks);
    }

    private long archived() {
        return archive("reader").head().height();
    }

    @Test
    void theFirstInLineCopiesUpToTheLastCertifiedHeightOnceASecond() {
        final Blocks blocks = new Blocks();
        final ArchiveDuty duty = duty(blocks, "a");
        blocks.height = 2;
        nowNs += ArchiveDuty.LOOK_NS;
        assertEquals(0, duty.work());
        assertEquals(List.of(), disk.fileNames());
        blocks.height = 8;
        assertEquals(0, duty.work());
        nowNs += ArchiveDuty.LOOK_NS;
        assertEquals(6, duty.work());
        assertEquals(6, archived());
        blocks.height = 9;
        duty.finish();
        assertEquals(9, archived());
        assertTrue(archive("reader").audit().findings().isEmpty());
        assertEquals(Map.of(), faults.counts());
    }

    @Test
    void theNextInLineWaitsAndTakesOverWhenTheArchiveDoesNotGrow() {
        final Blocks here = new Blocks();
        final Blocks there = new Blocks();
        here.before = 2;
        final ArchiveDuty first = duty(there, "a");
        final ArchiveDuty third = duty(here, "c");
        for (int turn = 1; turn <= 5; turn++) {
            here.height = 30L * turn;
            there.height = 30L * turn;
            assertEquals(0, third.work());
            nowNs += ArchiveDuty.LOOK_NS;
            assertEquals(30, first.work());
            nowNs += 2 * ArchiveDuty.PATIENCE_NS;
            assertEquals(0, third.work(), "the archive has grown");
        }
        here.height = 180;
        assertEquals(0, third.work());
        nowNs += 2 * ArchiveDuty.PATIENCE_NS - 1;
        assertEquals(0, third.work(), "not yet");
        nowNs += 1;
        assertEquals(30, third.work());
        here.height = 210;
        third.finish();
        assertEquals(180, archived(), "the end is for the first in line to copy");
        here.before = 0;
        nowNs += ArchiveDuty.LOOK_NS;
        assertEquals(30, third.work());
        assertEquals(210, archived());
    }

    @Test
    void whoIsAwaitedCopiesAtOnceAndWhoOnlyWaitsLooksOften() {
        final Blocks here = new Blocks();
        final Blocks there = new Blocks();
        here.before = 1;
        here.awaited = true;
        there.awaited = true;
        final ArchiveDuty first = duty(there, "a");
        final ArchiveDuty second = duty(here, "b");
        here.height = 6;
        there.height = 6;
        nowNs += ArchiveDuty.EAGER_NS;
        assertEquals(0, second.work());
        assertEquals(0, here.archived);
        assertEquals(6, first.work());
        assertEquals(6, there.archived);
        nowNs += ArchiveDuty.EAGER_NS;
        assertEquals(0, second.work());
        assertEquals(6, here.archived);
    }

    @Test
    void whatSomebodyIsToldOfSurvivesTheLossOfPowerWhoeverCopiedItAndDied() {
        long told = 0;
        for (int run = 0; run < 400; run++) {
            final SimulatedDisk shared = new SimulatedDisk(run);
            final Blocks there = new Blocks();
            there.height = 6;
            final ArchiveDuty dying = duty(archive(shared, "a"), there);
            shared.failCall(1 + run % 40, SimulatedDisk.Fault.CRASH);
            nowNs += ArchiveDuty.LOOK_NS;
            dying.work();
            shared.killProcess();
            final Blocks here = new Blocks();
            here.height = 6;
            here.before = 1;
            here.awaited = true;
            final ArchiveDuty asking = duty(archive(shared, "b"), here);
            nowNs += ArchiveDuty.EAGER_NS;
            asking.work();
            shared.losePower();
            final long left = archive(shared, "c").head().height();
            assertTrue(left >= here.archived, "run " + run + ": told " + here.archived + ", left " + left);
            told += here.archived;
        }
        assertTrue(told > 0);
    }

    @Test
    void damageIsMendedByTheFirstThatCopies() {
        final Blocks blocks = new Blocks();
        blocks.height = 30;
        final ArchiveDuty before = duty(blocks, "a");
        nowNs += ArchiveDuty.LOOK_NS;
        before.work();
        final Chunk chunk = new Chunk(1, 30, new Link(Blocks.hash(30).toBytes()));
        disk.flip(chunk.fileName(), 5_000, 1);
        assertEquals(List.of(chunk), archive("reader").audit().damaged());
        final ArchiveDuty after = duty(blocks, "a");
        nowNs += ArchiveDuty.LOOK_NS;
        after.work();
        readAll(after);
        assertTrue(archive("reader").audit().findings().isEmpty());
        assertEquals(Map.of("ARCHIVE_MENDED", 1L), faults.counts());
    }

    private static void readAll(final ArchiveDuty duty) {
        int done = 1;
        while (done > 0) {
            done = duty.work();
        }
    }

    @Test
    void neitherClientsNorTheEndWaitUntilAnArchiveIsRead() {
        final Blocks blocks = new Blocks();
        final ArchiveDuty before = duty(blocks, "a");
        for (int chunk = 1; chunk <= 3; chunk++) {
            blocks.height = 30L * chunk;
            nowNs += ArchiveDuty.LOOK_NS;
            assertEquals(30, before.work());
        }
        final Chunk second = new Chunk(31, 60, new Link(Blocks.hash(60).toBytes()));
        final Chunk third = new Chunk(61, 90, new Link(Blocks.hash(90).toBytes()));
        disk.flip(second.fileName(), 5_000, 1);
        blocks.height = 93;
        assertEquals("", duty(blocks, "a").finish());
        assertEquals(93, archived());
        assertEquals(List.of(second), archive("reader").audit().damaged(), "nobody has looked");
        disk.flip(third.fileName(), 10, 1);
        assertEquals(60, archived());
        blocks.height = 96;
        final ArchiveDuty after = duty(blocks, "a");
        nowNs += ArchiveDuty.LOOK_NS;
        assertEquals(3, after.work());
        assertEquals(96, blocks.archived);
        assertEquals(96, archived(), "what is missing by its header is written first");
        assertEquals(List.of(second), archive("reader").audit().damaged());
        nowNs += ArchiveDuty.LOOK_NS;
        readAll(after);
        assertTrue(archive("reader").audit().findings().isEmpty());
        assertEquals(Map.of("ARCHIVE_MENDED", 2L), faults.counts());
    }

    @Test
    void aDiskThatFailsIsReportedAndTriedAgain() {
        final Blocks blocks = new Blocks();
        final ArchiveDuty duty = duty(blocks, "a");
        blocks.height = 30;
        for (int call = 1; archived() == 0; call++) {
            disk.failCall(call, SimulatedDisk.Fault.IO);
            nowNs += ArchiveDuty.LOOK_NS;
            duty.work();
            disk.killProcess();
        }
        assertTrue(faults.counts().get("ARCHIVE_FAILED") > 5, faults.counts().toString());
        assertEquals(30, archived());
        assertTrue(archive("reader").audit().findings().isEmpty());
    }

    @Test
    void whatCannotBeCopiedAtTheEndIsSaid() {
        final Blocks blocks = new Blocks();
        final ArchiveDuty duty = duty(blocks, "a");
        blocks.height = 30;
        disk.failCall(1, SimulatedDisk.Fault.IO);
        assertFalse(duty.finish().isEmpty());
        disk.killProcess();
        assertEquals("", duty(blocks, "a").finish());
        assertEquals(30, archived());
    }

    @Test
    void anArchiveOfAnotherForkIsReportedAndLeftAlone() {
        final Blocks blocks = new Blocks();
        blocks.height = 30;
        final byte[] other = new byte[Link.BYTES];
        other[0] = 1;
        try (var chunk = archive("b").newChunk(1, new Link(TAG))) {
            chunk.append(1, 1, new UnsafeBuffer(new byte[9]), 0, 9);
            chunk.finish(new Link(other));
        }
        final ArchiveDuty duty = duty(blocks, "a");
        nowNs += ArchiveDuty.LOOK_NS;
        assertEquals(0, duty.work());
        assertEquals(Map.of("ARCHIVE_DIFFERS", 1L), faults.counts());
        assertEquals(0, blocks.archived, "nothing of this chain is there");
    }

    @Test
    void whatCountsAsArchivedIsOfThisChainWhoeverLooks() {
        final Blocks there = new Blocks();
        there.height = 6;
        nowNs += ArchiveDuty.LOOK_NS;
        duty(there, "a").finish();
        try (var chunk = archive("lost").newChunk(7, new Link(Blocks.hash(6).toBytes()))) {
            for (int height = 7; height <= 12; height++) {
                chunk.append(height, 1, new UnsafeBuffer(new byte[9]), 0, 9);
            }
            chunk.finish(new Link(Blocks.hash(99).toBytes()));
        }
        for (int before = 0; before <= 1; before++) {
            final Blocks here = new Blocks();
            here.before = before;
            here.awaited = true;
            final ArchiveDuty duty = duty(here, "b");
            for (here.height = 5; here.height <= 15; here.height++) {
                nowNs += ArchiveDuty.PATIENCE_NS;
                duty.work();
                assertEquals(here.height < 6 ? 0 : 6, here.archived, "before " + before + " height " + here.height);
            }
        }
        assertEquals(12, archived(), "what is not of this chain is left alone");
        assertTrue(faults.counts().get("ARCHIVE_DIFFERS") > 0);
    }

    @Test
    void whoIsFirstInLineAndBehindTheArchiveIsToldWhenItHasCaughtUp() {
        final Blocks there = new Blocks();
        there.height = 12;
        nowNs += ArchiveDuty.LOOK_NS;
        duty(there, "a").finish();
        final Blocks here = new Blocks();
        here.awaited = true;
        final ArchiveDuty duty = duty(here, "b");
        here.height = 11;
        nowNs += ArchiveDuty.EAGER_NS;
        duty.work();
        assertEquals(0, here.archived);
        here.height = 12;
        nowNs += ArchiveDuty.EAGER_NS;
        duty.work();
        assertEquals(12, here.archived);
    }
}
