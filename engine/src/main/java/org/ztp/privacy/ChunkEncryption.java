package org.ztp.privacy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.ztp.contract.transaction.Dataset;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.StorageException;
import org.ztp.storage.blob.BlobId;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.blob.BlobWriter;
import org.ztp.wire.Hash;

/**
 * Encrypts all chunks of one file into the blob store and keeps what is known of their keys. The vectors are written by
 * the worker threads, each at the places of its own chunks, and read when they have ended. {@link #close()} overwrites
 * what is secret.
 */
final class ChunkEncryption implements AutoCloseable {
    /**
     * What is read, encrypted and hashed at once: little enough to stay in the processor's cache, and the JDK keeps a direct
     * buffer of the size of the largest read for each thread.
     */
    private static final int PIECE_BYTES = 128 << 10;
    /** A ciphertext is written, forced and named: whoever does that waits for longer than encrypting it takes. */
    private static final int THREADS_EACH = 4;

    private final SourceFile source;
    private final Dataset dataset;
    private final DatasetContext context;
    private final BlobStore store;
    private final Randomness randomness;
    private final byte[] masterSecret;
    private final byte[] blobs;
    private final byte[] commitments;
    private final byte[] firsts;
    private final boolean[] stored;

    ChunkEncryption(final SourceFile source, final Dataset dataset, final DatasetContext context, final BlobStore store,
                    final Randomness randomness) {
        this.source = source;
        this.dataset = dataset;
        this.context = context;
        this.store = store;
        this.randomness = randomness;
        this.masterSecret = randomness.bytes(ChunkHalves.MASTER_SECRET_BYTES);
        this.blobs = new byte[dataset.chunks() * Hash.BYTES];
        this.commitments = new byte[dataset.chunks() * Hash.BYTES];
        this.firsts = new byte[dataset.chunks() * KeyVector.ENTRY_BYTES];
        this.stored = new boolean[dataset.chunks()];
    }

    void run(final int threads, final LongConsumer progress) throws SharingException {
        new Workers(threads, THREADS_EACH, dataset.chunkLength(0)).run(dataset.chunks(), () -> new Encryptor(progress));
        checkUnchanged();
        try {
            store.forceNames(IntStream.range(0, dataset.chunks()).mapToObj(this::blob).toList());
        } catch (final StorageException failed) {
            throw WriteFailure.of("the names of the blobs", failed);
        }
    }

    void checkUnchanged() throws SharingException {
        source.checkUnchanged();
    }

    Dataset dataset() {
        return dataset;
    }

    DatasetContext context() {
        return context;
    }

    byte[] blobs() {
        return blobs;
    }

    byte[] commitments() {
        return commitments;
    }

    byte[] ownerBox() {
        return OwnerBox.seal(context, masterSecret, randomness);
    }

    /** The second halves; their caller closes them. */
    ChunkHalves halves() {
        return new ChunkHalves(masterSecret, context.nonce());
    }

    /** The replicas' shares of the first halves, one vector each; the first halves are overwritten. */
    byte[][] shareFirsts(final SecretSharing sharing) {
        try {
            return sharing.splitAll(firsts, randomness);
        } finally {
            Secrets.zero(firsts);
        }
    }

    /** Removes every ciphertext that was stored. */
    void undo() throws SharingException {
        StorageException failure = null;
        for (int chunk = 0; chunk < stored.length; chunk++) {
            try {
                if (stored[chunk]) {
                    store.delete(blob(chunk));
                }
            } catch (final StorageException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw new SharingException(Kind.IO, "publishing failed, and what it had stored cannot be removed: "
                + failure.getMessage(), "remove what no dataset names when the store works again", failure);
        }
    }

    private BlobId blob(final int chunk) {
        return new BlobId(Arrays.copyOfRange(blobs, chunk * Hash.BYTES, (chunk + 1) * Hash.BYTES));
    }

    @Override
    public void close() {
        Secrets.zero(masterSecret);
        Secrets.zero(firsts);
    }

    /** One thread's buffers and kernels. */
    private final class Encryptor implements Workers.Work {
        private final LongConsumer progress;
        private final ChunkCipher cipher = new ChunkCipher(context.nonce(), dataset.chunks());
        private final KeyCommitments keyCommitments = new KeyCommitments(context.nonce());
        private final ChunkHalves halves = halves();
        private final byte[] plain = new byte[PIECE_BYTES];
        private final byte[] sealed = new byte[PIECE_BYTES + 2 * ChunkCipher.OVERHEAD_BYTES];
        private final ByteBuffer stage = store.newStage(dataset.chunkLength(0) + ChunkCipher.OVERHEAD_BYTES);

        private Encryptor(final LongConsumer progress) {
            this.progress = progress;
        }

        @Override
        public void item(final int chunk) throws SharingException {
            final int at = chunk * KeyVector.ENTRY_BYTES;
            try (BlobWriter blob = store.newWriter(stage)) {
                encrypt(chunk, blob);
                keyCommitments.commit(chunk, firsts, at, commitments, at);
                halves.keyToFirst(chunk, firsts, at);
                System.arraycopy(blob.end().hash(), 0, blobs, at, Hash.BYTES);
                stored[chunk] = true; // from here on it may have its name, also if something fails
                blob.placeForced();
            } catch (final StorageException failed) {
                throw WriteFailure.of("the blob of chunk " + chunk, failed);
            }
            progress.accept(dataset.chunkLength(chunk));
        }

        private void encrypt(final int chunk, final BlobWriter blob) throws SharingException {
            final int length = dataset.chunkLength(chunk);
            cipher.begin(chunk, length, firsts, randomness);
            for (int done = 0; done < length; done += PIECE_BYTES) {
                final int piece = Math.min(PIECE_BYTES, length - done);
                source.read(dataset.chunkOffset(chunk) + done, plain, piece);
                blob.write(ByteBuffer.wrap(sealed, 0, cipher.update(plain, piece, sealed)));
            }
            blob.write(ByteBuffer.wrap(sealed, 0, cipher.finish(sealed)));
        }

        @Override
        public void close() {
            Secrets.zero(plain);
            halves.close();
        }
    }
}
