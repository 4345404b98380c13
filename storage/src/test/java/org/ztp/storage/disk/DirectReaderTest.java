package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long records of a journal are read past the page cache, wherever they lie, and nobody can tell. */
final class DirectReaderTest {
    private static final int LENGTH = (3 << 20) + 1_234;

    @TempDir
    Path directory;

    private Path fileOf(final String name, final byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static byte[] random(final long seed) {
        final byte[] bytes = new byte[LENGTH];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(PastCache.class)
    void whateverLiesWhereverIsReadIntoTheHeap(final PastCache past) throws Exception {
        final byte[] bytes = random(1);
        fileOf("file", bytes);
        final SplittableRandom random = new SplittableRandom(2);
        final FileDisk disk = new FileDisk(directory, past);
        try (DiskFile file = disk.open("file", Disk.Mode.READ)) {
            for (int turn = 0; turn < 60; turn++) {
                final int offset = random.nextInt(LENGTH + 5_000) / (turn % 3 == 0 ? 4_096 : 1) * (turn % 3 == 0 ? 4_096 : 1);
                final int start = random.nextInt(9);
                final int wanted = turn % 4 == 0 ? random.nextInt(5_000) : random.nextInt(LENGTH);
                final ByteBuffer actual = ByteBuffer.allocate(start + wanted + 3).limit(start + wanted).position(start);
                final int expected = Math.max(0, Math.min(wanted, LENGTH - offset));
                assertEquals(expected, file.read(actual, offset));
                assertEquals(start + expected, actual.position());
                assertEquals(start + wanted, actual.limit());
                assertArrayEquals(Arrays.copyOfRange(bytes, Math.min(offset, LENGTH), Math.min(offset, LENGTH) + expected),
                    Arrays.copyOfRange(actual.array(), start, start + expected));
                assertEquals(0, actual.array()[start + wanted], "what lies behind is left alone");
            }
        }
    }

    /** What the two ways find is made to differ here, so that it shows which one was taken. */
    @Test
    void longReadsPassTheCacheAndShortOnesDoNot() throws Exception {
        final byte[] cached = random(3);
        final byte[] direct = random(4);
        try (DiskFile file = new ChannelFile(directory, FileChannel.open(fileOf("cached", cached)), Optional.empty(),
            Optional.of(new DirectReader(FileChannel.open(fileOf("direct", direct), StandardOpenOption.READ),
                DirectWriter.newPiece())), PastCache.AUTO)) {
            for (final int length : new int[] {256 << 10, (2 << 20) + 16, LENGTH - 16}) {
                final ByteBuffer whole = ByteBuffer.allocate(length);
                assertEquals(length, file.read(whole, 16));
                assertArrayEquals(Arrays.copyOfRange(direct, 16, 16 + length), whole.array());
            }
            final ByteBuffer little = ByteBuffer.allocate((256 << 10) - 1);
            assertEquals(little.capacity(), file.read(little, 16));
            assertArrayEquals(Arrays.copyOfRange(cached, 16, 16 + little.capacity()), little.array());
            final ByteBuffer scanned = DirectWriter.newBuffer(1 << 20);
            assertEquals(scanned.capacity(), file.read(scanned, 16));
            assertEquals(ByteBuffer.wrap(cached, 16, scanned.capacity()), scanned.flip(), "who reads a file in order is read ahead for");
        }
    }
}
