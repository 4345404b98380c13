package org.ztp.storage.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both stores do. */
final class KeyValueStoreTest {
    static final List<String> TABLES = List.of("accounts", "heights");

    @TempDir
    static Path directory;
    private static int number;

    static Stream<KeyValueStore> stores() {
        return Stream.of(new MemoryKeyValueStore(TABLES),
            RocksKeyValueStore.open(directory.resolve("state-" + number++), TABLES));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> entries(final KeyValueCursor cursor) {
        final List<String> entries = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                entries.add(new String(cursor.key(), StandardCharsets.UTF_8) + "="
                    + new String(cursor.value(), StandardCharsets.UTF_8));
            }
            assertFalse(cursor.next());
            assertThrows(IllegalStateException.class, cursor::key);
            assertThrows(IllegalStateException.class, cursor::value);
        }
        return entries;
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aBatchChangesAllTablesInItsOrder(final KeyValueStore store) {
        try (store) {
            store.write(new KeyValueBatch().put(0, bytes("a"), bytes("1")).put(1, bytes("a"), bytes("2"))
                .put(0, bytes("b"), bytes("3")).delete(0, bytes("b")).delete(0, bytes("absent"))
                .put(0, bytes("c"), new byte[0]));
            assertArrayEquals(bytes("1"), store.get(0, bytes("a")).orElseThrow());
            assertArrayEquals(bytes("2"), store.get(1, bytes("a")).orElseThrow());
            assertEquals(Optional.empty(), store.get(0, bytes("b")));
            assertEquals(0, store.get(0, bytes("c")).orElseThrow().length);
            store.write(new KeyValueBatch());
            assertThrows(IllegalArgumentException.class, () -> new KeyValueBatch().delete(0, new byte[0]));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aBatchForATableThatIsNotThereChangesNothing(final KeyValueStore store) {
        try (store) {
            final KeyValueBatch batch =
                new KeyValueBatch().put(0, bytes("a"), bytes("1")).put(2, bytes("a"), bytes("2"));
            assertThrows(IndexOutOfBoundsException.class, () -> store.write(batch));
            assertEquals(Optional.empty(), store.get(0, bytes("a")));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aBatchGrowsKeepsCopiesAndIsUsedAgain(final KeyValueStore store) {
        try (store) {
            final KeyValueBatch batch = new KeyValueBatch();
            for (int round = 0; round < 3; round++) {
                final byte[] key = new byte[1];
                final byte[] value = new byte[20_000];
                for (int i = 0; i < 100; i++) {
                    key[0] = (byte) i;
                    Arrays.fill(value, (byte) (i + round));
                    batch.put(0, key, value);
                }
                assertEquals(100, batch.size());
                store.write(batch);
                batch.clear();
                assertEquals(0, batch.size());
                for (int i = 0; i < 100; i++) {
                    Arrays.fill(value, (byte) (i + round));
                    assertArrayEquals(value, store.get(0, new byte[] {(byte) i}).orElseThrow());
                }
                store.write(batch);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void scansAreOrderedAsUnsignedBytes(final KeyValueStore store) {
        try (store) {
            final KeyValueBatch batch = new KeyValueBatch();
            for (final String key : List.of("b", "a", "ab", "aa", "ü", "abc", "B")) {
                batch.put(0, bytes(key), bytes(key));
            }
            batch.put(1, bytes("other"), bytes("table"));
            store.write(batch);
            assertEquals(List.of("B=B", "a=a", "aa=aa", "ab=ab", "abc=abc", "b=b", "ü=ü"),
                entries(store.scan(0, new byte[0])));
            assertEquals(List.of("ab=ab", "abc=abc", "b=b", "ü=ü"), entries(store.scan(0, bytes("aaa"))));
            assertEquals(List.of("ab=ab", "abc=abc"), entries(store.scanPrefix(0, bytes("ab"))));
            assertEquals(List.of(), entries(store.scanPrefix(0, bytes("abcd"))));
            assertEquals(List.of(), entries(store.scan(0, new byte[] {(byte) 0xff})));
            assertEquals(List.of("other=table"), entries(store.scan(1, new byte[0])));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void cursorsAndSnapshotsDoNotSeeLaterChanges(final KeyValueStore store) {
        try (store) {
            store.write(new KeyValueBatch().put(0, bytes("a"), bytes("1")).put(0, bytes("c"), bytes("3")));
            final KeyValueCursor cursor = store.scan(0, new byte[0]);
            assertThrows(IllegalStateException.class, cursor::key);
            assertTrue(cursor.next());
            try (KeyValueSnapshot snapshot = store.snapshot()) {
                store.write(new KeyValueBatch().put(0, bytes("b"), bytes("2")).put(0, bytes("c"), bytes("4"))
                    .delete(0, bytes("a")));
                assertEquals(List.of("b=2", "c=4"), entries(store.scan(0, new byte[0])));
                assertEquals(List.of("a=1", "c=3"), entries(snapshot.scan(0, new byte[0])));
                assertEquals(List.of("c=3"), entries(snapshot.scanPrefix(0, bytes("c"))));
                assertArrayEquals(bytes("3"), snapshot.get(0, bytes("c")).orElseThrow());
                assertEquals(Optional.empty(), snapshot.get(0, bytes("b")));
            }
            assertArrayEquals(bytes("a"), cursor.key());
            assertEquals(List.of("c=3"), entries(cursor));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void randomBatchesGiveWhatASortedMapGives(final KeyValueStore store) {
        try (store) {
            final SplittableRandom random = new SplittableRandom(17);
            final TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
            final KeyValueBatch batch = new KeyValueBatch();
            for (int round = 0; round < 200; round++) {
                batch.clear();
                for (int i = random.nextInt(50); i >= 0; i--) {
                    final byte[] key = new byte[1 + random.nextInt(2)];
                    random.nextBytes(key);
                    if (random.nextInt(3) == 0) {
                        batch.delete(0, key);
                        model.remove(key);
                    } else {
                        final byte[] value = new byte[random.nextInt(100)];
                        random.nextBytes(value);
                        batch.put(0, key, value);
                        model.put(key, value);
                    }
                }
                store.write(batch);
                if (round % 50 == 0) {
                    store.flush();
                }
            }
            try (KeyValueCursor cursor = store.scan(0, new byte[0])) {
                model.forEach((key, value) -> {
                    assertTrue(cursor.next());
                    assertArrayEquals(key, cursor.key());
                    assertArrayEquals(value, cursor.value());
                });
                assertFalse(cursor.next());
            }
        }
    }
}
