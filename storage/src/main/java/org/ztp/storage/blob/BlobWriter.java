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
    private long written;
    private Optional<BlobId> ended = Optional.empty();

    BlobWriter(final BlobStore store, final IncomingFile file, final Optional<ByteBuffer> stage) {
        this.store = store;
        this.file = file;
        this.stage = stage.map(ByteBuffer::clear);
    }

    /**
     * Appends bytes.
     *
     * @param bytes all that remains in the buffer; its position moves to its limit
     */
    public void write(final ByteBuffer bytes) {
        final long most = file.isOpen() && ended.isEmpty() ? BlobStore.BLOB_BYTES_MAX : -1;
        if (length + bytes.remaining() > most) {
            throw new IllegalStateException("blob bytes: expected<=" + Math.max(0, most) + " actual="
                + (length + bytes.remaining()));
        }
        digest.update(bytes.duplicate());
        length += bytes.remaining();
        if (stage.isEmpty()) {
            append(bytes);
        } else {
            gather(stage.get(), bytes);
        }
    }

    private void append(final ByteBuffer bytes) {
        final int count = bytes.remaining();
        file.write(bytes, written);
        written += count;
    }

    private void gather(final ByteBuffer buffer, final ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            final int count = Math.min(buffer.remaining(), bytes.remaining());
            buffer.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            if (!buffer.hasRemaining()) {
                append(buffer.flip());
                buffer.clear();
            }
        }
    }

    /**
     * Gives the blob its name.
     *
     * @param durability what it survives when this returns
     * @return the name
     */
    public BlobId finish(final Durability durability) {
        final BlobId id = end();
        place(durability);
        if (durability == Durability.DISK) {
            store.forceName(id);
        }
        return id;
    }

    /**
     * Ends the blob, to be placed; nothing can be written any more.
     *
     * @return the name that it will have
     */
    public BlobId end() {
        if (!file.isOpen() || ended.isPresent()) {
            throw new IllegalStateException("the blob is finished or failed");
        }
        final BlobId id = new BlobId(digest.digest());
        ended = Optional.of(id);
        return id;
    }

    /**
     * Gives the blob that was ended its name, as one of many: its bytes survive the loss of power, and so does its name
     * after {@link BlobStore#forceNames}. When this fails it may have its name all the same.
     */
    public void placeForced() {
        place(Durability.DISK);
    }

    private void place(final Durability durability) {
        stage.ifPresent(buffer -> append(buffer.flip()));
        if (durability == Durability.DISK) {
            file.force();
        }
        file.place(ended.orElseThrow(() -> new IllegalStateException("the blob was not ended")).path());
    }

    @Override
    public void close() {
        file.close();
    }
}
