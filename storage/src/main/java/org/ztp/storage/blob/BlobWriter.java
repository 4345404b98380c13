package org.ztp.storage.blob;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.IncomingFile;

/**
 * Writes one blob and hashes it on the way. Used by one thread. Until {@link #finish} nobody sees the blob; closed
 * before that, or after a failure, it leaves nothing behind.
 */
public final class BlobWriter implements AutoCloseable {
    private final BlobStore store;
    private final IncomingFile file;
    private final Optional<ByteBuffer> stage;
    private final MessageDigest digest = Sha256.digest();
    private long length;

    BlobWriter(final BlobStore store, final IncomingFile file, final Optional<ByteBuffer> stage) {
        this.store = store;
        this.file = file;
        this.stage = stage;
    }

    /**
     * Appends bytes.
     *
     * @param bytes all that remains in the buffer; its position moves to its limit
     */
    public void write(final ByteBuffer bytes) {
        if (!file.isOpen() || length + bytes.remaining() > BlobStore.BLOB_BYTES_MAX) {
            throw new IllegalStateException("blob bytes: expected<=" + (file.isOpen() ? BlobStore.BLOB_BYTES_MAX : 0)
                + " actual=" + (length + bytes.remaining()));
        }
        digest.update(bytes.duplicate());
        if (stage.isEmpty()) {
            append(bytes);
        } else {
            appendThrough(stage.get(), bytes);
        }
    }

    private void append(final ByteBuffer bytes) {
        final int count = bytes.remaining();
        file.write(bytes, length);
        length += count;
    }

    private void appendThrough(final ByteBuffer buffer, final ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            final int count = Math.min(buffer.capacity(), bytes.remaining());
            buffer.clear().put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            append(buffer.flip());
        }
    }

    /**
     * Gives the blob its name.
     *
     * @param durability what it survives when this returns
     * @return the name
     */
    public BlobId finish(final Durability durability) {
        final BlobId id = place(durability);
        if (durability == Durability.DISK) {
            store.forceName(id);
        }
        return id;
    }

    /**
     * Gives the blob its name, as one of many: its bytes survive the loss of power, and so does its name after
     * {@link BlobStore#forceNames}.
     *
     * @return the name
     */
    public BlobId finishNameUnforced() {
        return place(Durability.DISK);
    }

    private BlobId place(final Durability durability) {
        if (!file.isOpen()) {
            throw new IllegalStateException("the blob is finished or failed");
        }
        final BlobId id = new BlobId(digest.digest());
        if (durability == Durability.DISK) {
            file.force();
        }
        file.place(id.path());
        return id;
    }

    @Override
    public void close() {
        file.close();
    }
}
