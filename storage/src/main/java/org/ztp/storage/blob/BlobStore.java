package org.ztp.storage.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.Incoming;

/**
 * Blobs on a disk. All methods are thread-safe, and several stores, in several processes and on several machines, may
 * use one directory.
 */
public final class BlobStore {
    /** Longest blob: 64 MiB of data and 1 KiB for what its encryption adds. */
    public static final int BLOB_BYTES_MAX = (64 << 20) + 1024;

    private static final int COPY_BYTES = 64 << 10;
    private static final int DIRECTORIES = 256;
    private static final int STAGE_BLOCK_BYTES = 4096;

    private final Disk disk;
    private final Incoming incoming;
    /** Directories whose names this store knows to be forced. Guarded by its own monitor. */
    private final BitSet forced = new BitSet(DIRECTORIES);

    /**
     * Uses a directory.
     *
     * @param disk   the directory, shared by all who use the blobs
     * @param writer 1 .. 64 letters, digits, dots and hyphens that name this user of the directory, for its temporary
     *               files
     */
    public BlobStore(final Disk disk, final String writer) {
        this.disk = disk;
        incoming = new Incoming(disk, writer);
    }

    /**
     * The names of all directories in which a store has files; those that are not there are made when they are needed.
     *
     * @return names below that of the disk
     */
    public static List<String> directories() {
        final List<String> names = new ArrayList<>(List.of(Incoming.DIRECTORY));
        for (int number = 0; number < DIRECTORIES; number++) {
            names.add(HexFormat.of().toHexDigits((byte) number));
        }
        return names;
    }

    /**
     * Begins a blob.
     *
     * @return its writer, to be finished and closed
     */
    public BlobWriter newWriter() {
        return new BlobWriter(this, incoming.begin(), Optional.empty());
    }

    /**
     * Begins a blob whose bytes go to the disk by way of a stage.
     *
     * @param stage of {@link #newStage}; nobody else's until the writer is closed; what is in it is overwritten
     * @return its writer, to be finished and closed
     */
    public BlobWriter newWriter(final ByteBuffer stage) {
        return new BlobWriter(this, incoming.begin(), Optional.of(stage));
    }

    /**
     * A buffer for one thread that large blobs pass through, as the disk takes them without a further copy.
     *
     * @param largest bytes of the largest blob
     * @return a buffer of so many bytes, or some more
     */
    public ByteBuffer newStage(final int largest) {
        return disk.newBuffer((largest + STAGE_BLOCK_BYTES - 1) / STAGE_BLOCK_BYTES * STAGE_BLOCK_BYTES);
    }

    /**
     * Stores a blob; storing it again mends a damaged one.
     *
     * @param bytes      all that remains in the buffer, 0 .. {@link #BLOB_BYTES_MAX} bytes; its position moves
     * @param durability what it survives when this returns
     * @return its name
     */
    public BlobId put(final ByteBuffer bytes, final Durability durability) {
        try (BlobWriter blob = newWriter()) {
            blob.write(bytes);
            return blob.finish(durability);
        }
    }

    /**
     * Stores what a stream has, to its end.
     *
     * @param source     0 .. {@link #BLOB_BYTES_MAX} bytes; it is not closed
     * @param durability what the blob survives when this returns
     * @return its name
     * @throws IOException when the stream fails
     */
    public BlobId put(final InputStream source, final Durability durability) throws IOException {
        final byte[] piece = new byte[COPY_BYTES];
        try (BlobWriter blob = newWriter()) {
            for (int count = source.read(piece); count >= 0; count = source.read(piece)) {
                blob.write(ByteBuffer.wrap(piece, 0, count));
            }
            return blob.finish(durability);
        }
    }

    /**
     * Makes the names of many blobs survive the loss of power, at once.
     *
     * @param ids of blobs that were placed by {@link BlobWriter#placeForced()}
     */
    public void forceNames(final Collection<BlobId> ids) {
        final BitSet directories = new BitSet(DIRECTORIES);
        for (final BlobId id : ids) {
            if (!directories.get(id.directoryNumber())) {
                directories.set(id.directoryNumber());
                forceName(id);
            }
        }
    }

    /** The file is forced before it gets its name, and the directories after: so a name never stands for less. */
    void forceName(final BlobId id) {
        disk.forceDirectory(id.directory());
        forceRoot(id.directoryNumber());
    }

    private void forceRoot(final int directory) {
        synchronized (forced) {
            if (!forced.get(directory)) {
                disk.forceDirectory("");
                forced.set(directory);
            }
        }
    }

    /**
     * Reads a blob and checks that it is what its name says.
     *
     * @param id     its name
     * @param target where to; when the answer is valid its position has moved over the bytes, otherwise it has not
     *               moved and the bytes after it mean nothing
     * @return the verdict
     */
    public BlobRead read(final BlobId id, final ByteBuffer target) {
        return read(id, target, target);
    }

    /**
     * The same by way of a stage.
     *
     * @param id     its name
     * @param target where to
     * @param stage  of {@link #newStage}; nobody else's meanwhile
     * @return the verdict
     */
    public BlobRead readThrough(final BlobId id, final ByteBuffer target, final ByteBuffer stage) {
        return read(id, target, stage.clear());
    }

    private BlobRead read(final BlobId id, final ByteBuffer target, final ByteBuffer stage) {
        if (!exists(id)) {
            return new BlobRead(BlobRead.Verdict.ABSENT, 0);
        }
        final int start = target.position();
        try (DiskFile file = disk.open(id.path(), Disk.Mode.READ)) {
            final long length = file.size();
            if (length > Math.min(target.remaining(), stage.remaining())) {
                return new BlobRead(BlobRead.Verdict.TOO_LONG, length);
            }
            final int count = file.read(stage, 0);
            if (count > target.limit() - start) {
                return new BlobRead(BlobRead.Verdict.TOO_LONG, count); // it grew meanwhile
            }
            if (stage != target) {
                target.put(stage.flip());
            }
            final MessageDigest digest = Sha256.digest();
            digest.update(target.duplicate().limit(start + count).position(start));
            final boolean valid = id.matches(digest.digest());
            target.position(valid ? start + count : start);
            return new BlobRead(valid ? BlobRead.Verdict.VALID : BlobRead.Verdict.CORRUPT, length);
        } catch (final StorageException e) {
            if (exists(id)) {
                throw e;
            }
            return new BlobRead(BlobRead.Verdict.ABSENT, 0);
        }
    }

    /**
     * Whether a blob is there; its bytes are not looked at.
     *
     * @param id its name
     * @return true when there is a file of this name
     */
    public boolean exists(final BlobId id) {
        return disk.exists(id.path());
    }

    /**
     * Deletes a blob.
     *
     * @param id its name
     * @return whether it was there
     */
    public boolean delete(final BlobId id) {
        final boolean there = exists(id);
        if (there) {
            disk.delete(id.path());
        }
        return there;
    }

    /**
     * Deletes the temporary files of this writer's name; for the start of a process that is the only one of that name.
     *
     * @return how many there were
     */
    public int deleteLeftovers() {
        return incoming.deleteLeftovers();
    }
}
