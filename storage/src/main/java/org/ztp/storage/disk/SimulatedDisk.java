package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.ztp.storage.StorageException;

/**
 * A disk in memory that fails as told, and loses what was not forced: the same seed and the same calls give the same
 * bytes. Files are at most 1 GiB.
 *
 * <p>{@link #losePower()} keeps of each unforced file any subset of the 512-byte sectors written since, of each
 * unforced directory the first so many of its changes. {@link #killProcess()} keeps everything that was written. After
 * either, open files fail; the disk itself can be used again.
 *
 * <p>All methods are thread-safe; deterministic runs use one thread.
 */
public final class SimulatedDisk implements Disk {
    /** What a call can be made to do. */
    public enum Fault {
        /** It fails; a write may have changed any of its sectors. */
        IO,
        /** It fails for want of space; a write may have changed any of its sectors. */
        NO_SPACE,
        /** As {@link #IO}, and every later call fails too until the process is restarted. */
        CRASH
    }

    private final SplittableRandom random;
    private final SimulatedNames names = new SimulatedNames();
    private Consumer<String> forceListener = name -> { };
    private long capacityBytes = Long.MAX_VALUE;
    private long incarnation = 1;
    private long calls;
    private long failAt = Long.MAX_VALUE;
    private long misdirectFrom = Long.MAX_VALUE;
    private Fault fault = Fault.IO;
    private boolean down;
    private long epoch;

    /**
     * An empty disk.
     *
     * @param seed decides what a fault or the loss of power leaves behind
     */
    public SimulatedDisk(final long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Makes one call fail; later ones succeed again, unless the fault is a crash.
     *
     * @param call 1 for the next call of any method of this disk or one of its files
     * @param kind what happens
     */
    public synchronized void failCall(final long call, final Fault kind) {
        failAt = calls + call;
        fault = kind;
    }

    /**
     * Lets the next write of at least so many calls from now go to another sector of its file: what was there is gone, and
     * what was to be written is not where it should be. Nobody is told.
     *
     * @param call 1 for the next call
     */
    public synchronized void misdirect(final long call) {
        misdirectFrom = calls + call;
    }

    /**
     * What was written to a file and not forced cannot be written back, as when a path to a device is lost for a moment: its
     * pages are clean, and differ from the medium. As in Linux (errseq), each open file is told of that once, by its next force.
     *
     * @param name of a file
     */
    public synchronized void failWriteBack(final String name) {
        file(name).failWriteBack();
    }

    /**
     * How many calls were made, so that a test can make each fail in turn.
     *
     * @return calls of this disk and its files
     */
    public synchronized long calls() {
        return calls;
    }

    /**
     * Limits the sum of the lengths of all files.
     *
     * @param bytes writes that go beyond it fail for want of space
     */
    public synchronized void capacityBytes(final long bytes) {
        capacityBytes = bytes;
    }

    /**
     * Is told of each force of a file or directory before it takes effect: a simulator advances its clock here.
     *
     * @param listener given the name
     */
    public synchronized void onForce(final Consumer<String> listener) {
        forceListener = listener;
    }

    /** The process dies: what it wrote stays, its open files are gone. */
    public synchronized void killProcess() {
        epoch++;
        down = false;
        failAt = Long.MAX_VALUE;
    }

    /** The machine dies: of what was not forced, a random part stays. */
    public synchronized void losePower() {
        killProcess();
        incarnation++;
        names.losePower(random);
    }

    /** Everything is gone: a new disk in the place of the old one. */
    public synchronized void wipe() {
        killProcess();
        names.clear();
    }

    /**
     * A sector rots: its bytes become others.
     *
     * @param name   of a file
     * @param offset any byte of the sector
     */
    public synchronized void corruptSector(final String name, final long offset) {
        final byte[] masks = new byte[SimulatedFile.SECTOR_BYTES];
        random.nextBytes(masks);
        masks[0] |= 1;
        file(name).rot((int) (offset / SimulatedFile.SECTOR_BYTES * SimulatedFile.SECTOR_BYTES), masks);
    }

    /**
     * Bits of one byte rot.
     *
     * @param name   of a file
     * @param offset of the byte
     * @param mask   the bits that change
     */
    public synchronized void flip(final String name, final long offset, final int mask) {
        file(name).rot((int) offset, new byte[] {(byte) mask});
    }

    /**
     * A copy of a file, as a process sees it.
     *
     * @param name of a file
     * @return its bytes
     */
    public synchronized byte[] bytes(final String name) {
        return file(name).bytes();
    }

    /**
     * Puts a file in place, durably and without counting a call.
     *
     * @param name  its directories need not exist
     * @param bytes its content
     */
    public synchronized void put(final String name, final byte[] bytes) {
        final SimulatedFile file = new SimulatedFile();
        file.write(ByteBuffer.wrap(bytes), 0);
        file.force();
        names.putDurable(name, file);
    }

    /**
     * The names of all files.
     *
     * @return sorted, without directories
     */
    public synchronized List<String> fileNames() {
        return names.files();
    }

    @Override
    public synchronized DiskFile open(final String name, final Mode mode) {
        call("open", name);
        if (mode == Mode.CREATE) {
            if (names.contains(name) || !names.isDirectory(SimulatedNames.parent(name))) {
                throw failed("create", name, "exists, or its directory does not");
            }
            names.put(name, new SimulatedFile());
        }
        return new Handle(name, file(name), epoch);
    }

    @Override
    public synchronized boolean exists(final String name) {
        call("exists", name);
        return names.contains(name);
    }

    @Override
    public synchronized List<Entry> list(final String directory) {
        call("list", directory);
        return names.list(directory);
    }

    @Override
    public synchronized void createDirectory(final String name) {
        call("create directory", name);
        names.createDirectory(name);
    }

    @Override
    public synchronized void rename(final String from, final String to) {
        call("rename", from);
        names.rename(from, to, file(from));
    }

    @Override
    public synchronized void delete(final String name) {
        call("delete", name);
        if (!names.contains(name) || !names.list(name).isEmpty()) {
            throw failed("delete", name, "not there, or not empty");
        }
        names.delete(name);
    }

    @Override
    public synchronized void forceDirectory(final String directory) {
        call("fsync", directory);
        forceListener.accept(directory);
        names.force(directory);
    }

    @Override
    public ByteBuffer newBuffer(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public synchronized long incarnation() {
        return incarnation;
    }

    @Override
    public String toString() {
        return "simulated disk";
    }

    private SimulatedFile file(final String name) {
        return names.file(name).orElseThrow(() -> failed("open", name, "no such file"));
    }

    private void call(final String what, final String name) {
        if (fails()) {
            throw faulty(what, name);
        }
    }

    private boolean fails() {
        calls++;
        final boolean failing = down || calls == failAt;
        down = down || failing && fault == Fault.CRASH;
        return failing;
    }

    private StorageException faulty(final String what, final String name) {
        final boolean full = fault == Fault.NO_SPACE;
        return new StorageException(full ? StorageException.Kind.NO_SPACE : StorageException.Kind.IO,
            what + ' ' + name + ": simulated fault");
    }

    private static StorageException failed(final String what, final String name, final String why) {
        return new StorageException(StorageException.Kind.IO, what + ' ' + name + ": " + why);
    }

    /** An open file; it fails once the process that opened it is dead. */
    private final class Handle implements DiskFile {
        private final String name;
        private final SimulatedFile file;
        private final long openedIn;
        private int toldFailures;
        private boolean closed;

        Handle(final String name, final SimulatedFile file, final long openedIn) {
            this.name = name;
            this.file = file;
            this.openedIn = openedIn;
            toldFailures = file.failures();
        }

        private void use(final String what) {
            if (closed || openedIn != epoch) {
                throw failed(what, name, "closed");
            }
        }

        @Override
        public int read(final ByteBuffer destination, final long offset) {
            synchronized (SimulatedDisk.this) {
                use("read");
                call("read", name);
                return file.read(destination, offset);
            }
        }

        @Override
        public void write(final ByteBuffer source, final long offset) {
            synchronized (SimulatedDisk.this) {
                use("write");
                if (fails()) {
                    file.writeTorn(source.slice(), offset, random);
                    throw faulty("write", name);
                }
                final long growth = Math.max(0, offset + source.remaining() - file.size());
                if (growth > 0 && names.usedBytes() + growth > capacityBytes) {
                    throw new StorageException(StorageException.Kind.NO_SPACE, "write " + name + ": full");
                }
                file.write(source, isMisdirected() ? elsewhere(offset) : offset);
            }
        }

        private boolean isMisdirected() {
            final boolean due = calls >= misdirectFrom && file.size() > 0;
            misdirectFrom = due ? Long.MAX_VALUE : misdirectFrom;
            return due;
        }

        private long elsewhere(final long offset) {
            final long sectors = file.size() / SimulatedFile.SECTOR_BYTES + 1;
            return random.nextLong(sectors) * SimulatedFile.SECTOR_BYTES + offset % SimulatedFile.SECTOR_BYTES;
        }

        @Override
        public void force() {
            synchronized (SimulatedDisk.this) {
                use("fdatasync");
                call("fdatasync", name);
                forceListener.accept(name);
                file.force();
                if (toldFailures != file.failures()) {
                    toldFailures = file.failures();
                    throw failed("fdatasync", name, "simulated fault: not written back");
                }
            }
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                use("size");
                call("size", name);
                return file.size();
            }
        }

        @Override
        public void truncate(final long size) {
            synchronized (SimulatedDisk.this) {
                use("truncate");
                call("truncate", name);
                file.truncate(size);
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                closed = true;
            }
        }
    }
}
