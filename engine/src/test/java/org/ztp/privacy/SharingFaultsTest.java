package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.privacy.SharingWorld.CHUNK;
import static org.ztp.privacy.SharingWorld.key;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.storage.disk.SimulatedDisk;

class SharingFaultsTest {
    private static final ChunkRange ALL = ChunkRange.all(6);

    @TempDir
    private Path dir;

    @Test
    void whatIsNoFileWithBytesIsRefused() throws Exception {
        final SharingWorld world = new SharingWorld(new SimulatedDisk(1));
        assertRefused(Kind.BAD_INPUT, ".* is a directory", () -> publish(world, dir));
        assertRefused(Kind.BAD_INPUT, ".* does not exist", () -> publish(world, dir.resolve("none")));
        assertRefused(Kind.BAD_INPUT, ".* is empty", () -> publish(world, Files.createFile(dir.resolve("empty"))));
        assertRefused(Kind.BAD_INPUT, ".* is not a regular file", () -> publish(world, Path.of("/dev/null")));
        final Path file = dir.resolve("data");
        SharingWorld.file(file, 5 * CHUNK + 1);
        assertEquals(6, Publishing.describe(file, "x", CHUNK).chunks());
        assertRefused(Kind.BAD_INPUT, "chunk size: expected=4096..67108864 actual=100",
            () -> Publishing.describe(file, "x", 100));
        assertRefused(Kind.BAD_INPUT, "not a name for a dataset: 3 characters",
            () -> Publishing.describe(file, "a\nb", CHUNK));
        assertRefused(Kind.BAD_INPUT, ".* is not what the contract is for: expected version=1 chunks=6 .* chunks=5",
            () -> world.publish(file, SharingWorld.contract(1, 5, "bob")));
    }

    @Test
    void aFileThatChangesWhileItIsReadIsRefusedAndNothingIsLeft() throws Exception {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SharingWorld world = new SharingWorld(disk);
        final Path file = dir.resolve("data");
        for (final boolean shorter : new boolean[] {true, false}) {
            SharingWorld.file(file, 6 * CHUNK);
            final Publishing publishing = world.publishing(1);
            assertRefused(Kind.BAD_INPUT, ".*data changed while it was read: expected size 24576, .*", () ->
                publishing.publish(file, "", CHUNK, world.owner.verifyKey(), SharingWorld.contract(1, 6, "bob"),
                    bytes -> change(file, shorter)));
            assertEquals(List.of(), files(disk));
        }
    }

    @Test
    void everyFailingCallOfTheBlobStoreLeavesNothing() throws Exception {
        final Path file = dir.resolve("data");
        SharingWorld.file(file, 3 * CHUNK);
        final Contract contract = SharingWorld.contract(1, 3, "bob");
        long calls = Long.MAX_VALUE;
        for (int call = 1; call <= calls; call++) {
            final SimulatedDisk disk = new SimulatedDisk(call);
            final SharingWorld world = new SharingWorld(disk);
            final long before = disk.calls();
            disk.failCall(call, SimulatedDisk.Fault.IO);
            try {
                world.publishing(1).publish(file, "", CHUNK, world.owner.verifyKey(), contract, bytes -> { });
                calls = Math.min(calls, disk.calls() - before);
            } catch (final SharingException failed) {
                assertEquals(Kind.IO, failed.kind());
                assertTrue(failed.getMessage().matches(
                    "the (blob of chunk [0-2]|names of the blobs) cannot be written: (?s).*"), failed.getMessage());
                assertEquals(List.of(), files(disk), "call " + call);
            }
        }
        assertTrue(calls > 10 && calls < 200, "calls " + calls);
    }

    @Test
    void aFullDiskIsToldAndNothingIsLeft() throws Exception {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SharingWorld world = new SharingWorld(disk);
        disk.capacityBytes(4 * CHUNK);
        final Path file = dir.resolve("data");
        SharingWorld.file(file, 6 * CHUNK);
        assertRefused(Kind.NO_SPACE, "the blob of chunk [0-5] cannot be written: .*",
            () -> world.publish(file, SharingWorld.contract(1, 6, "bob")));
        assertEquals(List.of(), files(disk));
    }

    @Test
    void missingSwappedCutAndAlteredBlobsAreNamedAndTheOldFileStays() throws Exception {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SharingWorld world = new SharingWorld(disk);
        final Path file = dir.resolve("data");
        SharingWorld.file(file, 6 * CHUNK);
        final Publish publish = world.publish(file, SharingWorld.contract(1, 6, "bob"));
        final SeekerPart part = publish.parts().get(0);
        final Path out = Files.write(dir.resolve("out"), new byte[] {1, 2, 3});
        final String third = path(publish, 3);
        final byte[] good = disk.bytes(third);
        final String blob = "blob " + publish.blob(3) + " of chunk 3 ";
        final byte[] altered = good.clone();
        altered[100] ^= 1;
        for (final byte[] bad : List.of(altered, disk.bytes(path(publish, 4)), Arrays.copyOf(good, 50), new byte[0])) {
            disk.put(third, bad);
            assertRefused(Kind.CORRUPT, blob + "holds other bytes than its name says: length=" + bad.length,
                () -> world.receive(publish, part, ALL, world.release(publish, part, ALL, 0, 1), "bob", out));
        }
        disk.put(third, Arrays.copyOf(good, CHUNK + 17));
        assertRefused(Kind.CORRUPT, blob + "has another size: expected=4112 actual=4113",
            () -> world.receive(publish, part, ALL, world.release(publish, part, ALL, 0, 1), "bob", out));
        disk.delete(third);
        assertRefused(Kind.CORRUPT, blob + "is missing",
            () -> world.receive(publish, part, ALL, world.release(publish, part, ALL, 0, 1), "bob", out));
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out));
        assertEquals(List.of("data", "out"), names());
        disk.put(third, good);
        world.receive(publish, part, ALL, world.release(publish, part, ALL, 0, 1), "bob", out);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(out));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(out)));
    }

    @Test
    void aBlobOfAnotherChunkThatTheOwnerNamesDoesNotDecrypt() throws Exception {
        final SharingWorld world = new SharingWorld(new SimulatedDisk(1));
        final Path file = dir.resolve("data");
        SharingWorld.file(file, 6 * CHUNK);
        final Publish publish = world.publish(file, SharingWorld.contract(1, 6, "bob"));
        System.arraycopy(publish.blobs(), 0, publish.blobs(), 32, 32);
        final SeekerPart part = publish.parts().get(0);
        assertRefused(Kind.CORRUPT, "blob .* of chunk 1 does not decrypt with the key that was committed to", () ->
            world.receive(publish, part, ALL, world.release(publish, part, ALL, 0, 1), "bob", dir.resolve("out")));
        assertEquals(List.of("data"), names());
    }

    @Test
    void anOutputFileAppearsWholeOrNotAtAll() throws Exception {
        final Path out = dir.resolve("out");
        try (OutputFile file = OutputFile.create(out)) {
            file.write(0, ByteBuffer.wrap(new byte[] {1}));
            assertEquals(1, names().size());
            assertTrue(Files.notExists(out));
        }
        assertEquals(List.of(), names());
        try (OutputFile file = OutputFile.create(out)) {
            file.write(2, ByteBuffer.wrap(new byte[] {3}));
            file.write(0, ByteBuffer.wrap(new byte[] {1, 2}));
            file.commit();
        }
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out));
        assertRefused(Kind.BAD_INPUT, ".* is a directory", () -> OutputFile.create(dir));
        assertRefused(Kind.BAD_INPUT, ".*none is no directory", () -> OutputFile.create(dir.resolve("none/out")));
    }

    @Test
    void aCommandThatIsToldToStopLeavesNoPlainBytesBehind() throws Exception {
        final Process command = InterruptedOutput.start(dir.resolve("out"));
        try (var said = command.inputReader()) {
            assertEquals("written", said.readLine());
            assertEquals(1, names().size());
            command.destroy(); // SIGTERM, as Ctrl-C is SIGINT: both run what is to be done at the end
            command.waitFor();
        } finally {
            command.destroyForcibly();
        }
        assertEquals(List.of(), names());
    }

    @Test
    void memoryDoesNotGrowWithTheFile() throws Exception {
        final int megabytes = 64;
        final Path file = dir.resolve("big");
        final byte[] piece = new byte[1 << 20];
        for (int i = 0; i < megabytes; i++) {
            Arrays.fill(piece, (byte) i);
            Files.write(file, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        final SharingWorld world = new SharingWorld(new FileDisk(dir.resolve("blobs"), PastCache.BOTH_WAYS));
        final int chunkBytes = 1 << 20;
        final Contract contract = SharingWorld.contract(1, megabytes, "bob");
        world.publishing(2).withdraw(world.publishing(2).publish(file, "", 1 << 20, world.owner.verifyKey(), contract,
            bytes -> { })); // the first 32 MiB of a process rehearse AES-GCM, which allocates
        final Allocated publishing = new Allocated();
        final Publish publish = world.publishing(2).publish(file, "big", 1 << 20, world.owner.verifyKey(), contract,
            publishing);
        assertTrue(publishing.bytes() < 16 << 20, "publishing allocated " + publishing.bytes());
        final ChunkRange all = ChunkRange.all(megabytes);
        final byte[] released = world.release(publish, publish.parts().get(0), all, 0, 3);
        final Path out = dir.resolve("out");
        final Allocated receiving = new Allocated();
        try (ChunkKeys keys = ChunkKeys.join(world.context(publish), publish, publish.parts().get(0), all, released,
                key("bob")).keys().orElseThrow(); OutputFile target = OutputFile.create(out)) {
            new Receiving(world.store, 2).receive(world.context(publish), publish, keys, target, receiving);
        }
        assertTrue(receiving.bytes() < 16 << 20, "receiving allocated " + receiving.bytes());
        assertEquals(-1, Files.mismatch(file, out));
    }

    @Test
    void aTransactionThatWouldBeTooLargeIsRefusedBeforeAnythingIsEncrypted() throws Exception {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SharingWorld world = new SharingWorld(disk);
        final Path file = dir.resolve("sparse");
        final int chunks = 400_000;
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), (long) chunks * CHUNK - 1);
        }
        assertRefused(Kind.BAD_INPUT, "the transaction is too large: about [0-9]+ bytes of 67108864, 0 seekers of 4096",
            () -> world.publish(file, SharingWorld.contract(1, chunks)));
        assertEquals(List.of(), files(disk));
        assertEquals(chunks, Dataset.of("", (long) chunks * CHUNK, CHUNK).chunks());
    }

    private static Object publish(final SharingWorld world, final Path file) throws SharingException {
        return world.publish(file, SharingWorld.contract(1, 6, "bob"));
    }

    private static void assertRefused(final Kind kind, final String message, final ThrowingRun run) {
        final SharingException refused = assertThrows(SharingException.class, run::run);
        assertEquals(kind, refused.kind(), refused.getMessage());
        assertTrue(refused.getMessage().matches("(?s)" + message), refused.getMessage());
        assertFalse(refused.hint().isBlank());
    }

    /** Counts what the threads that report progress have allocated on the heap. */
    private static final class Allocated implements LongConsumer {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final Map<Thread, Long> byThread = new ConcurrentHashMap<>();

        @Override
        public void accept(final long progress) {
            byThread.put(Thread.currentThread(), threads.getCurrentThreadAllocatedBytes());
        }

        long bytes() {
            return byThread.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private interface ThrowingRun {
        void run() throws Exception;
    }

    private static void change(final Path file, final boolean shorter) {
        try {
            if (shorter) {
                Files.write(file, new byte[2 * CHUNK + 7]);
            } else {
                Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
            }
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String path(final Publish publish, final int chunk) {
        final String hex = publish.blob(chunk).toString();
        return hex.substring(0, 2) + "/" + hex.substring(2);
    }

    private static List<String> files(final SimulatedDisk disk) {
        return disk.fileNames().stream().filter(name -> name.contains("/")).toList();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(dir)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
