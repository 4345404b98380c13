package org.ztp.storage.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.ztp.storage.StorageException;

/**
 * Tables in a RocksDB directory.
 *
 * <p>There is no write-ahead log: a batch is on disk after a flush, which happens when some MiB have gathered, on
 * {@link #flush()} and on {@link #close()}. All tables are flushed together, so what a crash leaves is the state after
 * one batch.
 *
 * <p>All stores of a process share one cache of 16 MiB; each gathers at most 4 MiB of changes, and starts no thread
 * that wakes up by itself.
 */
public final class RocksKeyValueStore implements KeyValueStore {
    private static final long MIB = 1 << 20;
    private static final long CACHE_BYTES = 16 * MIB;
    private static final long TABLE_BUFFER_BYTES = 2 * MIB;
    private static final long STORE_BUFFER_BYTES = 4 * MIB;
    private static final long ARENA_BYTES = 64 << 10;
    /**
     * What was flushed is merged when there is so much of it. Most keys are hashes: merged level by level each would be
     * written anew with every second megabyte that comes, and that cost more than all else of the index.
     */
    private static final int RUNS_MERGED = 8;
    private static final int OPEN_FILES_MAX = 128;

    /** Loads the native library on first use, and lives as long as the process. */
    private static final class Shared {
        static final Cache CACHE;

        static {
            loadLibrary();
            CACHE = new LRUCache(CACHE_BYTES);
        }

        /** The library is unpacked into a file that is needed only as it is loaded; a process that is killed leaves none. */
        private static void loadLibrary() {
            final Path place = Path.of(Optional.ofNullable(System.getenv("ROCKSDB_SHAREDLIB_DIR"))
                .orElse(System.getProperty("java.io.tmpdir")));
            try {
                final Path unpacked = Files.createTempDirectory(place, "ztp-rocksdb-");
                NativeLibraryLoader.getInstance().loadLibrary(unpacked.toString());
                try (Stream<Path> files = Files.list(unpacked)) {
                    for (final Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(unpacked);
            } catch (final IOException noRoom) {
                throw new UncheckedIOException(noRoom);
            }
            RocksDB.loadLibrary(); // finds it loaded
        }
    }

    private final DBOptions options;
    private final ColumnFamilyOptions tableOptions;
    private final WriteOptions writeOptions;
    private final FlushOptions flushOptions;
    private final ReadOptions readOptions;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final List<ColumnFamilyHandle> tables;
    private final RocksReader reader;
    private volatile boolean closed;
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

    private RocksKeyValueStore(final Path directory, final List<String> names) throws RocksDBException {
        tableOptions = tableOptions(Shared.CACHE);
        options = options();
        writeOptions = new WriteOptions().setDisableWAL(true);
        flushOptions = new FlushOptions().setWaitForFlush(true);
        readOptions = new ReadOptions();
        handles = new ArrayList<>();
        final List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tableOptions));
        names.forEach(name ->
            descriptors.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), tableOptions)));
        database = openDatabase(directory, descriptors);
        tables = handles.subList(1, handles.size());
        reader = new RocksReader(database, tables, readOptions);
    }

    private static ColumnFamilyOptions tableOptions(final Cache cache) {
        final BlockBasedTableConfig format = new BlockBasedTableConfig()
            .setBlockCache(cache).setCacheIndexAndFilterBlocks(true).setPinL0FilterAndIndexBlocksInCache(true);
        return new ColumnFamilyOptions().setTableFormatConfig(format).setWriteBufferSize(TABLE_BUFFER_BYTES)
            .setArenaBlockSize(ARENA_BYTES).setCompressionType(CompressionType.NO_COMPRESSION)
            .setCompactionStyle(CompactionStyle.UNIVERSAL).setLevel0FileNumCompactionTrigger(RUNS_MERGED);
    }

    private static DBOptions options() {
        return new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true).setAtomicFlush(true)
            .setDbWriteBufferSize(STORE_BUFFER_BYTES).setMaxBackgroundJobs(2).setMaxOpenFiles(OPEN_FILES_MAX)
            .setStatsDumpPeriodSec(0).setStatsPersistPeriodSec(0).setSkipStatsUpdateOnDbOpen(true)
            .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL).setKeepLogFileNum(2).setMaxLogFileSize(MIB)
            .setUseFsync(false).setParanoidChecks(true);
    }

    private RocksDB openDatabase(final Path directory, final List<ColumnFamilyDescriptor> descriptors)
        throws RocksDBException {
        try {
            return RocksDB.open(options, directory.toString(), descriptors, handles);
        } catch (final RocksDBException e) {
            closeOptions();
            throw e;
        }
    }

    /**
     * Opens a store, which is created when there is none.
     *
     * @param directory its own
     * @param tables    names of all tables that it has or shall have, in the order of their indexes
     * @return the open store
     * @throws StorageException of kind CORRUPT when RocksDB finds damage, other tables, or a file that is missing
     *                          or cannot be read: delete the directory and rebuild it
     */
    public static RocksKeyValueStore open(final Path directory, final List<String> tables) {
        try {
            Files.createDirectories(directory);
            return new RocksKeyValueStore(directory, tables);
        } catch (final RocksDBException e) {
            throw RocksReader.failed("open " + directory, e);
        } catch (final IOException e) {
            throw StorageException.of("create " + directory, e);
        }
    }

    @Override
    public Optional<byte[]> get(final int table, final byte[] key) {
        beginReading();
        try {
            return reader.get(table, key);
        } finally {
            inUse.readLock().unlock();
        }
    }

    @Override
    public KeyValueCursor scan(final int table, final byte[] from) {
        return guarded(() -> reader.scan(table, from));
    }

    @Override
    public KeyValueCursor scanPrefix(final int table, final byte[] prefix) {
        return guarded(() -> reader.scanPrefix(table, prefix));
    }

    private void beginReading() {
        inUse.readLock().lock();
        if (closed) {
            inUse.readLock().unlock();
            throw new StorageException(StorageException.Kind.IO, "the store is closed");
        }
    }

    /** RocksDB must not be closed below a cursor: it would read wild memory. */
    private KeyValueCursor guarded(final Supplier<KeyValueCursor> opening) {
        beginReading();
        try {
            return new GuardedCursor(opening.get(), inUse.readLock());
        } catch (final RuntimeException failure) {
            inUse.readLock().unlock();
            throw failure;
        }
    }

    @Override
    public void write(final KeyValueBatch batch) {
        try (WriteBatch changes = new WriteBatch()) {
            batch.rewind();
            while (batch.next()) {
                final ColumnFamilyHandle table = tables.get(batch.table());
                if (batch.isDelete()) {
                    changes.delete(table, batch.key());
                } else {
                    changes.put(table, batch.key(), batch.value());
                }
            }
            database.write(writeOptions, changes);
        } catch (final RocksDBException e) {
            throw RocksReader.failed("write", e);
        }
    }

    @Override
    public KeyValueSnapshot snapshot() {
        return new RocksSnapshot(database, tables);
    }

    /**
     * Writes a copy of the store, made of links to its files where the file system allows, that can be opened as a
     * store.
     *
     * @param directory must not exist; the one above it must
     */
    public void checkpoint(final Path directory) {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (final RocksDBException e) {
            throw RocksReader.failed("checkpoint " + directory, e);
        }
    }

    @Override
    public void flush() {
        try {
            database.flush(flushOptions, handles);
        } catch (final RocksDBException e) {
            throw RocksReader.failed("flush", e);
        }
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                flush();
            }
        } finally {
            abandon();
            inUse.writeLock().unlock();
        }
    }

    @Override
    public void abandon() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                handles.forEach(ColumnFamilyHandle::close);
                database.close();
                closeOptions();
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }

    private void closeOptions() {
        readOptions.close();
        flushOptions.close();
        writeOptions.close();
        options.close();
        tableOptions.close();
    }

    private static final class RocksSnapshot implements KeyValueSnapshot {
        private final RocksDB database;
        private final Snapshot snapshot;
        private final ReadOptions options;
        private final RocksReader reader;

        RocksSnapshot(final RocksDB database, final List<ColumnFamilyHandle> tables) {
            this.database = database;
            snapshot = database.getSnapshot();
            options = new ReadOptions().setSnapshot(snapshot);
            reader = new RocksReader(database, tables, options);
        }

        @Override
        public Optional<byte[]> get(final int table, final byte[] key) {
            return reader.get(table, key);
        }

        @Override
        public KeyValueCursor scan(final int table, final byte[] from) {
            return reader.scan(table, from);
        }

        @Override
        public KeyValueCursor scanPrefix(final int table, final byte[] prefix) {
            return reader.scanPrefix(table, prefix);
        }

        @Override
        public void close() {
            options.close();
            database.releaseSnapshot(snapshot);
        }
    }
}
