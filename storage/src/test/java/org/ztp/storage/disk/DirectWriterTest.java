package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.storage.Durability;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;

/** Large writes go past the page cache, small ones through it, and nobody can tell which was which. */
final class DirectWriterTest {
    private static final int MOST_BYTES = 3 << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, AUTO", "2, AUTO", "3, AUTO", "4, ALWAYS", "5, ALWAYS", "6, NEVER"})
    void whateverIsWrittenWhereverIsReadBack(final long seed, final PastCache past) {
        final SplittableRandom random = new SplittableRandom(seed);
        final FileDisk disk = new FileDisk(directory, past);
        final byte[] expected = new byte[2 * MOST_BYTES];
        int length = 0;
        try (DiskFile file = disk.open("file", Disk.Mode.CREATE); DiskFile reader = disk.open("file", Disk.Mode.READ)) {
            for (int turn = 0; turn < 40; turn++) {
                final int size = random.nextInt(random.nextBoolean() ? MOST_BYTES : 5_000);
                final int offset = random.nextInt(random.nextBoolean() ? MOST_BYTES : Math.min(length, MOST_BYTES) + 1);
                final byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                final ByteBuffer source = random.nextInt(4) == 0 ? ByteBuffer.allocate(size + 9)
                    : disk.newBuffer(size + 9);
                source.position(7).put(bytes).flip().position(7);
                file.write(source, offset);
                assertEquals(source.limit(), source.position());
                System.arraycopy(bytes, 0, expected, offset, size);
                length = size == 0 ? length : Math.max(length, offset + size);
                assertEquals(length, file.size());
                if (turn % 8 == 0) {
                    file.force();
                }
                assertHolds(expected, length, turn % 2 == 0 ? file : reader);
            }
            file.truncate(length / 2 + 1);
            assertHolds(Arrays.copyOf(expected, length / 2 + 1), length / 2 + 1, reader);
        }
    }

    private static void assertHolds(final byte[] expected, final int length, final DiskFile file) {
        final ByteBuffer actual = ByteBuffer.allocateDirect(length + 1);
        assertEquals(length, file.read(actual, 0));
        final byte[] bytes = new byte[length];
        actual.flip().get(bytes);
        assertArrayEquals(Arrays.copyOf(expected, length), bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 512 << 10, (512 << 10) + 16, MOST_BYTES - 1, MOST_BYTES})
    void largeReadsPastTheCacheFindWhatWasWrittenThroughIt(final int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        try (DiskFile file = new FileDisk(directory).open("file", Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        final FileDisk disk = new FileDisk(directory, PastCache.BOTH_WAYS);
        final ByteBuffer actual = disk.newBuffer(MOST_BYTES);
        try (DiskFile file = disk.open("file", Disk.Mode.READ)) {
            for (final int offset : new int[] {0, 4096, 5000}) {
                for (final int start : new int[] {0, 4096, 7}) {
                    final int expected = Math.max(0, Math.min(length - offset, MOST_BYTES - start));
                    assertEquals(expected, file.read(actual.clear().position(start), offset));
                    assertEquals(actual.capacity(), actual.limit());
                    assertEquals(ByteBuffer.wrap(bytes, Math.min(offset, length), expected), actual.flip().position(start));
                }
            }
        }
    }

    @Test
    void whereTheTableOfMountsDoesNotTellAllGoesThroughTheCache() {
        assertFalse(DirectWriter.blocksFit(directory.resolve("none")));
    }

    /** The kernel refuses what is no number there, as some file systems refuse what is written past the cache. */
    @Test
    void whatAFileSystemRefusesToTakePastTheCacheGoesThroughIt() throws Exception {
        final Path refusing = Path.of("/proc/self/oom_score_adj");
        final Path path = directory.resolve("file");
        final List<IOException> told = new ArrayList<>();
        final byte[] bytes = new byte[100_000];
        new SplittableRandom(1).nextBytes(bytes);
        for (final int shift : new int[] {0, 7}) { // written from where it lies, and as a copy
            final ByteBuffer source = DirectWriter.newBuffer(shift + bytes.length);
            try (DiskFile file = new ChannelFile(path, FileChannel.open(path, StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE), Optional.of(new DirectWriter(FileChannel.open(refusing,
                StandardOpenOption.WRITE), DirectWriter.newPiece(), told::add)), Optional.empty(), PastCache.AUTO)) {
                for (int turn = 0; turn < 3; turn++) {
                    file.write(source.clear().position(shift).put(bytes).flip().position(shift), turn * bytes.length);
                    assertEquals(source.limit(), source.position());
                }
                assertEquals(3 * bytes.length, file.size());
            }
            final byte[] written = Files.readAllBytes(path);
            for (int turn = 0; turn < 3; turn++) {
                assertArrayEquals(bytes, Arrays.copyOfRange(written, turn * bytes.length, (turn + 1) * bytes.length));
            }
            Files.delete(path);
        }
        assertEquals(2, told.size(), "once a file");
    }

    @Test
    void afterALargeCommitNoZerosAreWrittenAheadUntilManySmallOnesHaveCome() throws Exception {
        final JournalOptions options = JournalOptions.of(new byte[32], Durability.DISK);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[2 << 20]);
        try (Journal journal = Journal.open(new FileDisk(directory, PastCache.AUTO), options, Journal.START,
            (position, type, buffer, offset, length) -> { })) {
            final Path segment;
            try (var files = Files.list(directory)) {
                segment = files.findFirst().orElseThrow();
            }
            for (int i = 0; i < 5; i++) {
                journal.append(1, record, 0, record.capacity());
                journal.commit(Durability.DISK);
            }
            journal.append(1, record, 0, 100);
            journal.commit(Durability.DISK);
            assertEquals(journal.tailPosition(), Files.size(segment));
            for (int i = 0; i < 20; i++) {
                journal.append(1, record, 0, 100_000);
                journal.commit(Durability.DISK);
            }
            assertTrue(Files.size(segment) > journal.tailPosition(), "zeros are written ahead of small commits");
        }
    }
}
