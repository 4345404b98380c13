package org.ztp.storage.state;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.ztp.storage.StorageException;

/** Reads RocksDB with some options: the newest state, or that of a snapshot. */
final class RocksReader implements KeyValueReader {
    /**
     * A file that is gone, as after a deletion that was broken off, or that the disk does not give back: neither has a code
     * of its own that the binding knows. What it does not take is another matter.
     */
    private static final Pattern LOST = Pattern.compile(
        "No such file or directory|^(?i:while (?:read|pread|open|stat)).*Input/output error", Pattern.DOTALL);

    private final RocksDB database;
    private final List<ColumnFamilyHandle> tables;
    private final ReadOptions options;

    RocksReader(final RocksDB database, final List<ColumnFamilyHandle> tables, final ReadOptions options) {
        this.database = database;
        this.tables = tables;
        this.options = options;
    }

    static StorageException failed(final String what, final RocksDBException cause) {
        final Status status = cause.getStatus();
        final Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        final boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        final boolean corrupt = code == Status.Code.Corruption || code == Status.Code.InvalidArgument
            || LOST.matcher(String.valueOf(cause.getMessage())).find();
        final StorageException.Kind kind = full ? StorageException.Kind.NO_SPACE
            : corrupt ? StorageException.Kind.CORRUPT : StorageException.Kind.IO;
        return new StorageException(kind, what + ": " + cause.getMessage(), cause);
    }

    @Override
    public Optional<byte[]> get(final int table, final byte[] key) {
        try {
            return Optional.ofNullable(database.get(tables.get(table), options, key));
        } catch (final RocksDBException e) {
            throw failed("get", e);
        }
    }

    @Override
    public KeyValueCursor scan(final int table, final byte[] from) {
        return new Cursor(database.newIterator(tables.get(table), options), from, new byte[0]);
    }

    @Override
    public KeyValueCursor scanPrefix(final int table, final byte[] prefix) {
        return new Cursor(database.newIterator(tables.get(table), options), prefix, prefix);
    }

    private static final class Cursor implements KeyValueCursor {
        private final RocksIterator iterator;
        private final byte[] prefix;
        private boolean started;

        Cursor(final RocksIterator iterator, final byte[] from, final byte[] prefix) {
            this.iterator = iterator;
            this.prefix = prefix;
            iterator.seek(from);
        }

        @Override
        public boolean next() {
            if (started && iterator.isValid()) {
                iterator.next();
            }
            started = true;
            try {
                iterator.status();
            } catch (final RocksDBException e) {
                throw failed("scan", e);
            }
            return isAtEntry();
        }

        private boolean isAtEntry() {
            return started && iterator.isValid() && KeyOrder.startsWith(iterator.key(), prefix);
        }

        @Override
        public byte[] key() {
            checkEntry();
            return iterator.key();
        }

        @Override
        public byte[] value() {
            checkEntry();
            return iterator.value();
        }

        /** RocksDB itself would read wild memory. */
        private void checkEntry() {
            if (!isAtEntry()) {
                throw new IllegalStateException("the cursor is not at an entry");
            }
        }

        @Override
        public void close() {
            iterator.close();
        }
    }
}
