package org.ztp.privacy;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.crypto.Secrets;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.StorageException;
import org.ztp.storage.blob.BlobId;
import org.ztp.storage.blob.BlobRead;
import org.ztp.storage.blob.BlobStore;

/**
 * The seeker's side after the release: fetches the ciphertexts, checks them against the ledger, decrypts them with a
 * few threads and writes the plain bytes into a file that appears whole or not at all. Memory: four buffers of a
 * chunk's size for each of twice as many threads, together at most half of the heap.
 */
public final class Receiving {
    /** Buffers of a thread of a chunk's size: sealed, plain, and those of the store and of the output. */
    private static final int BUFFERS = 4;
    /** One waits for the disk while another decrypts; the disk serves more of them no faster. */
    private static final int THREADS_EACH = 2;

    private final BlobStore store;
    private final int threads;

    /**
     * @param store has the ciphertexts
     * @param threads threads that decrypt, 1 or more
     */
    public Receiving(final BlobStore store, final int threads) {
        this.store = store;
        this.threads = threads;
    }

    /**
     * Writes the chunks whose keys are given, one after another, and puts the file in its place.
     *
     * @param context what the dataset is bound to
     * @param publish the dataset's PUBLISH
     * @param keys keys of the chunks; closed by the caller
     * @param out where to; closed by the caller, also after a failure, when nothing is left of it
     * @param progress is told the plain bytes of every chunk done, by several threads
     * @throws SharingException names chunk and blob when one is missing or not what the ledger says
     */
    public void receive(final DatasetContext context, final Publish publish, final ChunkKeys keys, final OutputFile out,
                        final LongConsumer progress) throws SharingException {
        new Workers(threads, THREADS_EACH, (long) BUFFERS * publish.dataset().chunkLength(0)).run(keys.chunks().count(),
            () -> new Decryptor(context, publish, keys, out, progress));
        out.commit();
    }

    /** One thread's buffers and kernels. */
    private final class Decryptor implements Workers.Work {
        private final Publish publish;
        private final ChunkKeys keys;
        private final OutputFile out;
        private final LongConsumer progress;
        private final ChunkCipher cipher;
        private final byte[] plain;
        private final byte[] sealed;
        private final ByteBuffer stage;
        private final ByteBuffer written;

        private Decryptor(final DatasetContext context, final Publish publish, final ChunkKeys keys,
                          final OutputFile out, final LongConsumer progress) {
            this.publish = publish;
            this.keys = keys;
            this.out = out;
            this.progress = progress;
            this.cipher = new ChunkCipher(context.nonce(), publish.dataset().chunks());
            this.plain = new byte[publish.dataset().chunkLength(0)];
            this.sealed = new byte[plain.length + ChunkCipher.OVERHEAD_BYTES];
            this.stage = store.newStage(sealed.length);
            this.written = out.newBuffer(plain.length);
        }

        @Override
        public void item(final int index) throws SharingException {
            final Dataset dataset = publish.dataset();
            final int chunk = keys.chunks().first() + index;
            final int length = dataset.chunkLength(chunk);
            read(chunk, length + ChunkCipher.OVERHEAD_BYTES);
            if (cipher.decrypt(chunk, keys.keys(), index * KeyVector.ENTRY_BYTES, sealed,
                length + ChunkCipher.OVERHEAD_BYTES, plain, 0) != length) {
                throw corrupt(chunk, "does not decrypt with the key that was committed to",
                    "its owner published it wrongly: ask for it to be published again");
            }
            out.write(dataset.chunkOffset(chunk) - dataset.chunkOffset(keys.chunks().first()),
                written.clear().put(plain, 0, length).flip());
            progress.accept(length);
        }

        private void read(final int chunk, final int expected) throws SharingException {
            final String hint = "run ztp verify, and ask the owner to publish it again";
            final BlobRead read = fetch(chunk);
            switch (read.verdict()) {
                case ABSENT -> throw corrupt(chunk, "is missing", hint);
                case CORRUPT -> throw corrupt(chunk, "holds other bytes than its name says: length=" + read.length(),
                    hint);
                case VALID, TOO_LONG -> {
                    if (read.length() != expected) {
                        throw corrupt(chunk, "has another size: expected=" + expected + " actual=" + read.length(),
                            hint);
                    }
                }
            }
        }

        private BlobRead fetch(final int chunk) throws SharingException {
            try {
                return store.readThrough(new BlobId(publish.blob(chunk).toBytes()), ByteBuffer.wrap(sealed), stage);
            } catch (final StorageException failed) {
                throw new SharingException(Kind.IO, "blob " + publish.blob(chunk) + " of chunk " + chunk
                    + " cannot be read: " + failed.getMessage(), "check the blob store's directory", failed);
            }
        }

        private SharingException corrupt(final int chunk, final String what, final String hint) {
            return new SharingException(Kind.CORRUPT, "blob " + publish.blob(chunk) + " of chunk " + chunk + " "
                + what, hint);
        }

        @Override
        public void close() {
            Secrets.zero(plain);
            written.clear().put(plain);
        }
    }
}
