package org.ztp.storage.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.state.KeyValueStoreTest.TABLES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.storage.ChildJvm;
import org.ztp.storage.StorageException;

/** What RocksDB keeps. */
final class RocksKeyValueStoreTest {
    private static final byte[] HEIGHT = {1};
    private static final int FLUSHED = 300;
    private static final int WRITTEN = 2000;

    @TempDir
    Path directory;

    private static byte[] number(final int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** One batch: the height in one table, an entry for each height and some weight in the other. */
    private static void writeHeight(final KeyValueStore store, final int height) {
        final byte[] weight = new byte[10_000];
        new SplittableRandom(height).nextBytes(weight);
        store.write(new KeyValueBatch().put(0, number(height), weight).put(1, HEIGHT, number(height)));
    }

    /** Writes batches, flushes early on, and dies. */
    static final class Main {
        private Main() {
        }

        public static void main(final String[] arguments) {
            final KeyValueStore store = RocksKeyValueStore.open(Path.of(arguments[0]), TABLES);
            for (int height = 1; height <= WRITTEN; height++) {
                writeHeight(store, height);
                if (height == FLUSHED) {
                    store.flush();
                }
            }
            Runtime.getRuntime().halt(9);
        }
    }

    private List<Path> files(final String pattern) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
        }
    }

    private static void assertCorrupt(final Executable doing) {
        assertEquals(StorageException.Kind.CORRUPT, assertThrows(StorageException.class, doing).kind());
    }

    @Test
    void aStoreWhoseDeletionWasBrokenOffIsToldAsDamage() throws Exception {
        try (KeyValueStore store = RocksKeyValueStore.open(directory, TABLES)) {
            writeHeight(store, 1);
        }
        for (final Path file : files("MANIFEST.*")) {
            Files.delete(file);
        }
        assertCorrupt(() -> RocksKeyValueStore.open(directory, TABLES));
        for (final Path file : files("CURRENT")) {
            Files.delete(file);
        }
        assertCorrupt(() -> RocksKeyValueStore.open(directory, TABLES));
    }

    @Test
    void aFileThatTheDiskDoesNotGiveBackIsToldAsDamage() throws Exception {
        RocksKeyValueStore.open(directory, TABLES).close();
        for (final Path file : files("MANIFEST.*")) {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/proc/self/mem")); // opens; its first bytes cannot be read: EIO
        }
        final StorageException unread = assertThrows(StorageException.class,
            () -> RocksKeyValueStore.open(directory, TABLES));
        assertTrue(unread.getMessage().contains("Input/output error"), unread.getMessage());
        assertEquals(StorageException.Kind.CORRUPT, unread.kind(), unread.getMessage());
    }

    @Test
    void whatRotsIsToldAsDamageToWhoWritesOnceItIsMerged() throws Exception {
        try (KeyValueStore store = RocksKeyValueStore.open(directory, TABLES)) {
            for (int height = 1; height <= 30; height++) {
                writeHeight(store, height);
            }
        }
        final Path largest = files(".*sst").stream()
            .max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
        final byte[] bytes = Files.readAllBytes(largest);
        Arrays.fill(bytes, bytes.length / 3, bytes.length / 3 + 512, (byte) 0x55);
        Files.write(largest, bytes);
        for (int life = 0; life < 2; life++) {
            final KeyValueStore store = RocksKeyValueStore.open(directory, TABLES);
            assertCorrupt(() -> {
                for (int height = 31; height < 1_000; height++) {
                    writeHeight(store, height);
                    if (height % 10 == 0) {
                        store.flush();
                    }
                }
            });
            store.abandon();
        }
    }

    @Test
    void aKilledProcessLeavesTheStateAfterOneBatch() throws Exception {
        assertEquals(9, ChildJvm.run(Main.class, directory.toString()).exit());
        try (KeyValueStore store = RocksKeyValueStore.open(directory, TABLES)) {
            final int height = ByteBuffer.wrap(store.get(1, HEIGHT).orElseThrow()).getInt();
            assertTrue(height >= FLUSHED && height < WRITTEN, "something was not flushed, height=" + height);
            int count = 0;
            try (KeyValueCursor cursor = store.scan(0, new byte[0])) {
                while (cursor.next()) {
                    count++;
                    assertArrayEquals(number(count), cursor.key());
                }
            }
            assertEquals(height, count);
            writeHeight(store, height + 1);
        }
    }

    @Test
    void closingWaitsForCursorsAndThenNothingIsRead() throws Exception {
        final RocksKeyValueStore store = RocksKeyValueStore.open(directory.resolve("guarded"), List.of("one"));
        store.write(new KeyValueBatch().put(0, new byte[] {1}, new byte[] {2}));
        final CountDownLatch opened = new CountDownLatch(1);
        final AtomicBoolean read = new AtomicBoolean();
        final Thread reader = new Thread(() -> {
            try (KeyValueCursor cursor = store.scan(0, new byte[] {0})) {
                opened.countDown();
                for (int i = 0; i < 1000; i++) {
                    Thread.yield();
                }
                read.set(cursor.next() && cursor.value()[0] == 2);
            }
        });
        reader.start();
        opened.await();
        store.close();
        assertTrue(read.get());
        reader.join();
        assertThrows(StorageException.class, () -> store.get(0, new byte[] {1}));
        assertThrows(StorageException.class, () -> store.scan(0, new byte[] {1}));
    }

    @Test
    void closeFlushes() {
        final RocksKeyValueStore first = RocksKeyValueStore.open(directory, TABLES);
        writeHeight(first, 7);
        first.close();
        first.close();
        try (KeyValueStore store = RocksKeyValueStore.open(directory, TABLES)) {
            assertArrayEquals(number(7), store.get(1, HEIGHT).orElseThrow());
        }
    }

    @Test
    void aCheckpointIsAStoreOfItsOwn() {
        final Path copy = directory.resolve("copy");
        try (RocksKeyValueStore store = RocksKeyValueStore.open(directory.resolve("state"), TABLES)) {
            writeHeight(store, 3);
            store.checkpoint(copy);
            assertThrows(StorageException.class, () -> store.checkpoint(copy));
            writeHeight(store, 4);
            try (KeyValueStore opened = RocksKeyValueStore.open(copy, TABLES)) {
                assertArrayEquals(number(3), opened.get(1, HEIGHT).orElseThrow());
            }
        }
    }

    @Test
    void damageAndOtherTablesAreToldApartFromFailures() throws Exception {
        RocksKeyValueStore.open(directory, TABLES).close();
        assertEquals(StorageException.Kind.CORRUPT, assertThrows(StorageException.class,
            () -> RocksKeyValueStore.open(directory, List.of("other"))).kind());
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path manifest : files.filter(f -> f.getFileName().toString().startsWith("MANIFEST")).toList()) {
                final byte[] bytes = Files.readAllBytes(manifest);
                Arrays.fill(bytes, 10, 40, (byte) 0x55);
                Files.write(manifest, bytes);
            }
        }
        assertEquals(StorageException.Kind.CORRUPT, assertThrows(StorageException.class,
            () -> RocksKeyValueStore.open(directory, TABLES)).kind());
    }
}
