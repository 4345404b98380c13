package org.ztp.storage.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Tables in memory, for simulations and replicas without a disk. All methods are thread-safe. */
public final class MemoryKeyValueStore implements KeyValueStore {
    private final Tables tables;

    /**
     * Empty tables.
     *
     * @param names of the tables, in the order of their indexes
     */
    public MemoryKeyValueStore(final List<String> names) {
        tables = new Tables(names.stream().map(name -> new TreeMap<byte[], byte[]>(Arrays::compareUnsigned)).toList());
    }

    @Override
    public synchronized Optional<byte[]> get(final int table, final byte[] key) {
        return tables.get(table, key);
    }

    @Override
    public synchronized KeyValueCursor scan(final int table, final byte[] from) {
        return tables.scan(table, from);
    }

    @Override
    public synchronized KeyValueCursor scanPrefix(final int table, final byte[] prefix) {
        return tables.scanPrefix(table, prefix);
    }

    @Override
    public synchronized void write(final KeyValueBatch batch) {
        batch.rewind();
        while (batch.next()) {
            tables.maps().get(batch.table()); // a table that is not there refuses the batch before anything changes
        }
        batch.rewind();
        while (batch.next()) {
            final TreeMap<byte[], byte[]> map = tables.maps().get(batch.table());
            if (batch.isDelete()) {
                map.remove(copy(batch.key()));
            } else {
                map.put(copy(batch.key()), copy(batch.value()));
            }
        }
    }

    private static byte[] copy(final ByteBuffer bytes) {
        final byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    @Override
    public synchronized KeyValueSnapshot snapshot() {
        return new Tables(tables.maps().stream().map(TreeMap::new).toList());
    }

    @Override
    public void flush() {
        // Nothing survives the process.
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }

    @Override
    public void abandon() {
        close();
    }

    /** Tables at one moment; the values inside are never changed, only replaced. */
    private record Tables(List<TreeMap<byte[], byte[]>> maps) implements KeyValueSnapshot {
        @Override
        public Optional<byte[]> get(final int table, final byte[] key) {
            return Optional.ofNullable(maps.get(table).get(key)).map(byte[]::clone);
        }

        @Override
        public KeyValueCursor scan(final int table, final byte[] from) {
            return cursor(table, from, key -> true);
        }

        @Override
        public KeyValueCursor scanPrefix(final int table, final byte[] prefix) {
            return cursor(table, prefix, key -> KeyOrder.startsWith(key, prefix));
        }

        private KeyValueCursor cursor(final int table, final byte[] from, final Predicate<byte[]> wanted) {
            final List<Map.Entry<byte[], byte[]>> entries = new ArrayList<>();
            for (final Map.Entry<byte[], byte[]> entry : maps.get(table).tailMap(from, true).entrySet()) {
                if (!wanted.test(entry.getKey())) {
                    break;
                }
                entries.add(Map.entry(entry.getKey(), entry.getValue()));
            }
            return new ListCursor(entries.iterator());
        }

        @Override
        public void close() {
            // Nothing is held but memory.
        }
    }

    private static final class ListCursor implements KeyValueCursor {
        private final Iterator<Map.Entry<byte[], byte[]>> entries;
        private Optional<Map.Entry<byte[], byte[]>> entry = Optional.empty();

        ListCursor(final Iterator<Map.Entry<byte[], byte[]>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean next() {
            entry = entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
            return entry.isPresent();
        }

        @Override
        public byte[] key() {
            return current().getKey().clone();
        }

        @Override
        public byte[] value() {
            return current().getValue().clone();
        }

        private Map.Entry<byte[], byte[]> current() {
            return entry.orElseThrow(() -> new IllegalStateException("the cursor is not at an entry"));
        }

        @Override
        public void close() {
            // Nothing is held but memory.
        }
    }
}
