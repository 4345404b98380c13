package org.ztp.storage.blob;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Writes one blob and hashes it on the way. Used by one thread. Until {@link #finish} nobody sees the blob; closed
 * before that, or after a failure, it leaves nothing behind.
 */
public final class BlobWriter implements AutoCloseable {
    private final BlobStore store;
    private final Disk disk;
    private final String temporary;
    private final DiskFile file;
    private final MessageDigest digest = Sha256.digest();
    private long length;
    private boolean open = true;

    BlobWriter(final BlobStore store, final Disk disk, final String temporary, final DiskFile file) {
        this.store = store;
        this.disk = disk;
        this.temporary = temporary;
        this.file = file;
    }

    /**
     * Appends bytes.
     *
     * @param bytes all that remains in the buffer; its position moves to its limit
     */
    public void write(final ByteBuffer bytes) {
        if (!open || length + bytes.remaining() > BlobStore.BLOB_BYTES_MAX) {
            throw new IllegalStateException("blob bytes: expected<=" + (open ? BlobStore.BLOB_BYTES_MAX : 0)
                + " actual=" + (length + bytes.remaining()));
        }
        final int count = bytes.remaining();
        digest.update(bytes.duplicate());
        try {
            file.write(bytes, length);
        } catch (final StorageException e) {
            throw failed(e);
        }
        length += count;
    }

    /**
     * Gives the blob its name.
     *
     * @param durability what it survives when this returns
     * @return the name
     */
    public BlobId finish(final Durability durability) {
        if (!open) {
            throw new IllegalStateException("the blob is finished or failed");
        }
        final BlobId id = new BlobId(digest.digest());
        try {
            if (durability == Durability.DISK) {
                file.force();
            }
            store.place(temporary, id, durability == Durability.DISK);
        } catch (final StorageException e) {
            throw failed(e);
        }
        open = false;
        file.close();
        return id;
    }

    private StorageException failed(final StorageException cause) {
        try {
            close();
        } catch (final StorageException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            file.close();
            if (disk.exists(temporary)) {
                disk.delete(temporary);
            }
        }
    }
}
