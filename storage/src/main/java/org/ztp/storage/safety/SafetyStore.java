package org.ztp.storage.safety;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Keeps the last of a sequence of small records, in one file. Used by one thread. Storing allocates nothing.
 *
 * <p>After a failed write or force the store is dead: every later call throws.
 */
public final class SafetyStore implements AutoCloseable {
    /** Longest record in bytes. */
    public static final int RECORD_BYTES_MAX = 128 << 10;

    private final Disk disk;
    private final String name;
    private final SafetyFormat format = new SafetyFormat();
    private final ByteBuffer slot;
    private final UnsafeBuffer last = new UnsafeBuffer(new byte[RECORD_BYTES_MAX]);
    private final long machineRun;
    private SafetyLoad loaded;
    private DiskFile file;
    private long generation;
    private long newest;
    private int lastLength;
    private boolean lastForced = true;
    /**
     * How many records in a row were marked as not forced. The first two, one in each pair, are forced all the same:
     * from then on every record that the loss of power may bring back has the mark, and none can pass for the last.
     */
    private int marked;
    private boolean dead;

    private SafetyStore(final Disk disk, final String name) {
        this.disk = disk;
        this.name = name;
        slot = disk.newBuffer(SafetyFormat.SLOT_BYTES);
        machineRun = disk.incarnation();
    }

    /**
     * Opens a store and loads its record; a damaged copy is mended, and what is loaded is forced to disk.
     *
     * @param disk where; nobody else may write to the file
     * @param name of the file; a file {@code <name>.tmp} beside it is a remainder, a file {@code <name>.lost-<n>} is
     *             what stood in the place of a record that was lost
     * @return the store; {@link #loaded()} has the record
     */
    public static SafetyStore open(final Disk disk, final String name) {
        final SafetyStore store = new SafetyStore(disk, name);
        store.load();
        return store;
    }

    /**
     * What opening found.
     *
     * @return the verdict and the record
     */
    public SafetyLoad loaded() {
        return loaded;
    }

    private void load() {
        if (!disk.exists(name)) {
            loaded = new SafetyLoad(SafetyLoad.Status.ABSENT, new UnsafeBuffer(0, 0), "");
            return;
        }
        final ByteBuffer bytes = readFile(disk, name);
        final SafetyPair even = SafetyPair.read(format, bytes, 0);
        final SafetyPair odd = SafetyPair.read(format, bytes, 2);
        final SafetyCopy best =
            even.best().generation() > odd.best().generation() ? even.best() : odd.best();
        newest = Math.max(even.newest(), odd.newest());
        final long size = size(disk, name);
        final String lost = size < SafetyFormat.FILE_BYTES
            ? "file bytes: expected=" + SafetyFormat.FILE_BYTES + " actual=" + size : lost(even, odd, best);
        if (!lost.isEmpty()) {
            loaded = new SafetyLoad(SafetyLoad.Status.LOST, best.record(), name + ": " + lost);
            return;
        }
        generation = best.generation();
        lastForced = best.incarnation() == 0;
        lastLength = best.record().capacity();
        last.putBytes(0, best.record(), 0, lastLength);
        file = disk.open(name, Disk.Mode.WRITE);
        mend(even);
        mend(odd);
        file.truncate(SafetyFormat.FILE_BYTES);
        file.force();
        disk.forceDirectory(directory());
        final boolean rotten = even.isRotten() || odd.isRotten() || size > SafetyFormat.FILE_BYTES;
        loaded = new SafetyLoad(rotten ? SafetyLoad.Status.REPAIRED : SafetyLoad.Status.OK, best.record(),
            rotten ? name + ": a damaged copy was written anew" : "");
    }

    /** The file's bytes as far as a safety file goes, with zeros for what is missing. */
    static ByteBuffer readFile(final Disk disk, final String name) {
        final ByteBuffer bytes = disk.newBuffer(SafetyFormat.FILE_BYTES);
        try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
            file.read(bytes, 0);
        }
        return bytes.clear();
    }

    static long size(final Disk disk, final String name) {
        try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
            return file.size();
        }
    }

    private String lost(final SafetyPair even, final SafetyPair odd, final SafetyCopy best) {
        if (even.isLost() || odd.isLost()) {
            return "both copies of a generation are damaged";
        }
        if (!best.isValid()) {
            return "the file holds no record";
        }
        if (best.incarnation() != 0 && best.incarnation() != machineRun) {
            return "the machine has restarted since a record was handed to its kernel without being forced to disk";
        }
        return "";
    }

    /** A copy is only written to while its twin is whole, or while the pair holds nothing that was acknowledged. */
    private void mend(final SafetyPair pair) {
        if (pair.isWhole()) {
            return;
        }
        final SafetyCopy best = pair.best();
        for (int copy = 0; copy < 2; copy++) {
            final SafetyCopy old = copy == 0 ? pair.first() : pair.second();
            if (!best.isValid() || old.generation() != best.generation() || old.rottenAt() >= 0) {
                final int number = pair.firstSlot() + copy;
                clear(slot);
                if (best.isValid()) {
                    final int length = best.record().capacity();
                    SafetyFormat.encode(slot, best.generation(), best.incarnation(), best.record(), 0, length);
                    format.seal(slot, number, SafetyFormat.sectors(length));
                }
                file.write(slot.clear(), SafetyFormat.sectorOffset(number, 0));
            }
        }
    }

    private static void clear(final ByteBuffer bytes) {
        for (int i = 0; i < bytes.capacity(); i += Long.BYTES) {
            bytes.putLong(i, 0);
        }
    }

    /**
     * Stores a record in the place of the last. When this returns, no later opening gives an older one.
     *
     * @param buffer     holds the record
     * @param offset     of the record in the buffer
     * @param length     of the record, 0 .. {@link #RECORD_BYTES_MAX}
     * @param durability what it survives; {@link Durability#MEMORY} is taken for {@link Durability#OS}, since a write
     *                   of this size costs little. A record that was not forced and may be gone after a restart of the
     *                   machine is reported LOST
     */
    public void store(final DirectBuffer buffer, final int offset, final int length, final Durability durability) {
        buffer.boundsCheck(offset, length);
        if (length > RECORD_BYTES_MAX) {
            throw new IllegalArgumentException("record bytes: expected<=" + RECORD_BYTES_MAX + " actual=" + length);
        }
        if (dead) {
            throw new StorageException(StorageException.Kind.IO, name + ": safety store is dead or closed");
        }
        dead = true;
        final boolean force = durability == Durability.DISK;
        if (file == null) {
            generation = newest + 1;
            encode(buffer, offset, length, force);
            create(length);
        } else {
            generation = nextGeneration();
            encode(buffer, offset, length, force);
            writeCopies(file, length);
            if (force || marked < 2) {
                file.force();
            }
        }
        newest = generation;
        lastForced = force;
        marked = force ? 0 : marked + 1;
        lastLength = length;
        last.putBytes(0, buffer, offset, length);
        dead = false;
    }

    /** Newer than any sector in the file, so no two writes share a number; and of the other pair than the last. */
    private long nextGeneration() {
        final long next = Math.max(generation, newest) + 1;
        return (next - generation) % 2 == 0 ? next + 1 : next;
    }

    private void encode(final DirectBuffer buffer, final int offset, final int length, final boolean force) {
        SafetyFormat.encode(slot, generation, force ? 0 : machineRun, buffer, offset, length);
    }

    private void writeCopies(final DiskFile target, final int length) {
        final int sectors = SafetyFormat.sectors(length);
        final int firstSlot = SafetyFormat.firstSlot(generation);
        for (int number = firstSlot; number < firstSlot + 2; number++) {
            format.seal(slot, number, sectors);
            target.write(slot.position(0).limit(sectors * SafetyFormat.SECTOR_BYTES),
                SafetyFormat.sectorOffset(number, 0));
            slot.clear();
        }
    }

    /** The file appears whole, under its name, or not at all: an empty one would be a lost record. */
    private void create(final int length) {
        if (loaded.status() == SafetyLoad.Status.LOST) {
            keepLost();
        }
        final String temporary = name + ".tmp";
        final DiskFile created = openNew(temporary);
        created.write(disk.newBuffer(SafetyFormat.FILE_BYTES), 0);
        writeCopies(created, length);
        created.force();
        disk.rename(temporary, name);
        disk.forceDirectory(directory());
        file = created;
    }

    private void keepLost() {
        int number = 1;
        while (disk.exists(name + ".lost-" + number)) {
            number++;
        }
        try (DiskFile copy = openNew(name + ".lost-" + number)) {
            copy.write(readFile(disk, name), 0);
            copy.force();
        }
    }

    private DiskFile openNew(final String fileName) {
        if (disk.exists(fileName)) {
            disk.delete(fileName);
        }
        return disk.open(fileName, Disk.Mode.CREATE);
    }

    private String directory() {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** Forces the last record if that was not done, so that it is good after a restart of the machine, and closes. */
    @Override
    public void close() {
        try {
            if (!dead && !lastForced) {
                store(last, 0, lastLength, Durability.DISK);
            }
        } finally {
            abandon();
        }
    }

    /** Closes without writing: the file stays as if the process had been killed. */
    public void abandon() {
        dead = true;
        if (file != null) {
            file.close();
        }
    }
}
