package org.ztp.client.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameRingTest {
    private static final int RING_BYTES = 4096;
    private static final RingPlace PLACE = RingPlace.requests(RING_BYTES);
    @TempDir
    private Path directory;

    @Test
    void messagesOfAllSizesComeOutAsTheyWentIn() throws IOException {
        final Random random = new Random(7);
        try (SharedFile file = newFile()) {
            final FrameWriter writer = new FrameWriter(file, PLACE);
            final FrameReader reader = new FrameReader(file, PLACE, 1 << 20);
            final ArrayDeque<byte[]> expected = new ArrayDeque<>();
            for (int i = 0; i < 2_000; i++) {
                final byte[] message = new byte[1 + random.nextInt(i % 100 == 0 ? 50_000 : 600)];
                random.nextBytes(message);
                expected.add(message);
                final Outgoing outgoing = new Outgoing(i, message);
                do {
                    writer.write(outgoing);
                    if (!outgoing.done() || random.nextInt(3) == 0) {
                        drain(reader, expected, random);
                    }
                } while (!outgoing.done());
            }
            drain(reader, expected, random);
            assertTrue(expected.isEmpty());
        }
    }

    @Test
    void aFullRingTakesNoMoreUntilItIsRead() throws IOException {
        try (SharedFile file = newFile()) {
            final FrameWriter writer = new FrameWriter(file, PLACE);
            final Outgoing outgoing = new Outgoing(1, new byte[100_000]);
            assertTrue(writer.write(outgoing) > RING_BYTES / 2);
            assertEquals(0, writer.write(outgoing));
            new FrameReader(file, PLACE, 1 << 20).poll((correlation, message) -> { }, 1, 0);
            assertTrue(writer.write(outgoing) > 0);
        }
    }

    @Test
    void aMessageLargerThanTheLimitIsAFault() throws IOException {
        try (SharedFile file = newFile()) {
            new FrameWriter(file, PLACE).write(new Outgoing(1, new byte[1001]));
            final FrameReader reader = new FrameReader(file, PLACE, 1000);
            reader.poll((correlation, message) -> { }, 1, 0);
            assertTrue(reader.fault().isPresent());
        }
    }

    @Test
    void anyDamageEndsInAFaultOrInTheVerySameMessages() throws IOException {
        for (int seed = 0; seed < 3_000; seed++) {
            final Random random = new Random(seed);
            final Path path = directory.resolve("ring");
            try (SharedFile file = newFile()) {
                final FrameWriter writer = new FrameWriter(file, PLACE);
                final FrameReader reader = new FrameReader(file, PLACE, 1 << 20);
                final ArrayDeque<byte[]> expected = new ArrayDeque<>();
                for (int i = 0; i < 4; i++) {
                    final byte[] message = new byte[1 + random.nextInt(700)];
                    random.nextBytes(message);
                    expected.add(message);
                    writer.write(new Outgoing(i, message));
                }
                damage(file, path, random);
                for (int i = 0; i < 8; i++) {
                    drain(reader, expected, random);
                }
            }
            Files.delete(path);
        }
    }

    private static void damage(final SharedFile file, final Path path, final Random random) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> file.write(PLACE.tailWord(), bytes(random, 16));
            case 1 -> file.writeWord(PLACE.tailWord(), random.nextInt(3) == 0
                ? random.nextLong() & Long.MAX_VALUE : random.nextInt(2 * RING_BYTES));
            case 2 -> file.write(PLACE.data() + random.nextInt(3_000), bytes(random, 1 + random.nextInt(64)));
            default -> {
                try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
                    cut.setLength(random.nextInt(Layout.RINGS + RING_BYTES));
                }
            }
        }
    }

    private static ByteBuffer bytes(final Random random, final int count) {
        final byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void drain(final FrameReader reader, final ArrayDeque<byte[]> expected, final Random random)
            throws IOException {
        int taken;
        do {
            taken = reader.poll((correlation, message) -> assertArrayEquals(expected.remove(), message),
                1 + random.nextInt(4), 0);
        } while (taken > 0);
    }

    private SharedFile newFile() throws IOException {
        final Path path = directory.resolve("ring");
        Files.write(path, new byte[Layout.RINGS + 2 * RING_BYTES]);
        final SharedFile file = SharedFile.open(path);
        file.writeWord(PLACE.tailWord(), 0);
        file.writeWord(PLACE.headWord(), 0);
        return file;
    }
}
