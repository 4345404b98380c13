package org.ztp.privacy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.VerifyKey;
import org.ztp.ledger.Bundle;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.StorageException;
import org.ztp.storage.blob.BlobId;
import org.ztp.storage.blob.BlobStore;
import org.ztp.wire.Hash;

/**
 * The owner's side of publishing: a file becomes ciphertexts in the blob store and a PUBLISH transaction. The
 * ciphertexts are durable when the transaction is handed out, so it never names one that is not there; when anything
 * fails, those written so far are removed again.
 *
 * <pre>
 *   file ──► threads: read, encrypt, SHA-256, store ──► hashes, commitments, first halves ──► shares, boxes ──► PUBLISH
 * </pre>
 *
 * <p>Memory: a buffer of a chunk's size for each of four times as many threads, together at most half of the heap, and
 * about {@code chunks * 32 * (6 + 3 * replicas)} bytes of vectors. Used by one thread.
 */
public final class Publishing {
    private final SubClusterKeys keys;
    private final BlobStore store;
    private final Randomness randomness;
    private final int threads;

    /**
     * @param keys replicas of the sub-cluster that will hold the shares; any of the genesis' may be chosen
     * @param store takes the ciphertexts
     * @param randomness where keys come from; used by several threads
     * @param threads threads that encrypt, 1 or more
     */
    public Publishing(final SubClusterKeys keys, final BlobStore store, final Randomness randomness,
                      final int threads) {
        this.keys = keys;
        this.store = store;
        this.randomness = randomness;
        this.threads = threads;
    }

    /**
     * The dataset that a file would become, whose number of chunks a policy needs to be read.
     *
     * @throws SharingException when the file cannot be published, or the chunk size does not fit it
     */
    public static Dataset describe(final Path file, final String name, final int chunkBytes) throws SharingException {
        try (SourceFile source = SourceFile.open(file)) {
            return describe(source, name, chunkBytes);
        }
    }

    /**
     * Publishes a file.
     *
     * @param file what is published; a regular file that nobody writes to meanwhile
     * @param name for people
     * @param chunkBytes chunk size, 4 KiB .. 64 MiB
     * @param owner to whom the master secret is sealed, and who must sign the transaction
     * @param contract version 1, for as many chunks as {@link #describe} says
     * @param progress is told the plain bytes of every chunk done, by several threads
     */
    public Publish publish(final Path file, final String name, final int chunkBytes, final VerifyKey owner,
                           final Contract contract, final LongConsumer progress) throws SharingException {
        try (SourceFile source = SourceFile.open(file)) {
            final Dataset dataset = describe(source, name, chunkBytes);
            if (contract.version() != 1 || contract.chunks() != dataset.chunks()) {
                throw new SharingException(Kind.BAD_INPUT, file + " is not what the contract is for: expected version=1"
                    + " chunks=" + dataset.chunks() + " actual version=" + contract.version() + " chunks="
                    + contract.chunks(), "if it was written to meanwhile, publish it when nobody does, or a copy");
            }
            checkSize(dataset, contract);
            final DatasetContext context = new DatasetContext(keys.chain(), owner, nonce(owner));
            try (ChunkEncryption encryption = new ChunkEncryption(source, dataset, context, store, randomness)) {
                return publish(encryption, contract, progress);
            }
        }
    }

    /** A random nonce that makes the dataset belong to the sub-cluster whose keys are used: one in so many does. */
    private Hash nonce(final VerifyKey owner) {
        Hash nonce;
        do {
            nonce = Hash.of(randomness.bytes(Hash.BYTES));
        } while (!keys.isHomeOf(Publish.id(keys.chain(), Hash.of(owner.bytes()), nonce)));
        return nonce;
    }

    /** Removes the ciphertexts of a PUBLISH that the ledger did not take. */
    public void withdraw(final Publish publish) throws SharingException {
        for (int chunk = 0; chunk < publish.dataset().chunks(); chunk++) {
            try {
                store.delete(new BlobId(publish.blob(chunk).toBytes()));
            } catch (final StorageException failed) {
                throw new SharingException(Kind.IO, "blob " + publish.blob(chunk) + " cannot be removed: "
                    + failed.getMessage(), "remove what no dataset names when the store works again", failed);
            }
        }
    }

    private Publish publish(final ChunkEncryption encryption, final Contract contract, final LongConsumer progress)
            throws SharingException {
        boolean done = false;
        try {
            encryption.run(threads, progress);
            final PartSealing sealing = new PartSealing(keys, encryption.context(), randomness);
            final Publish publish = new Publish(encryption.context().nonce(), encryption.dataset(),
                encryption.ownerBox(), encryption.blobs(), encryption.commitments(),
                sealing.firstHalves(encryption.shareFirsts(keys.sharing())), contract,
                parts(contract, sealing, encryption.halves()));
            encryption.checkUnchanged();
            done = true;
            return publish;
        } finally {
            if (!done) {
                encryption.undo();
            }
        }
    }

    private static List<SeekerPart> parts(final Contract contract, final PartSealing sealing, final ChunkHalves halves)
            throws SharingException {
        final List<SeekerPart> parts = new ArrayList<>();
        try (halves) {
            for (final Map.Entry<Hash, List<ChunkRange>> seeker : contract.rangesBySeeker().entrySet()) {
                parts.add(sealing.part(seeker.getKey(), seeker.getValue(), halves));
            }
        }
        return parts;
    }

    private static Dataset describe(final SourceFile source, final String name, final int chunkBytes)
            throws SharingException {
        if (chunkBytes < Dataset.MIN_CHUNK_BYTES || chunkBytes > Dataset.MAX_CHUNK_BYTES) {
            throw new SharingException(Kind.BAD_INPUT, "chunk size: expected=" + Dataset.MIN_CHUNK_BYTES + ".."
                + Dataset.MAX_CHUNK_BYTES + " actual=" + chunkBytes, "leave it out for chunks of 4 MiB");
        }
        final Dataset dataset = Dataset.of(name, source.size(), chunkBytes);
        if (dataset.chunks() > ChunkRange.MAX_CHUNKS) {
            throw new SharingException(Kind.BAD_INPUT, "chunks: max=" + ChunkRange.MAX_CHUNKS + " actual="
                + dataset.chunks(), "publish with larger chunks");
        }
        if (!dataset.wellFormed() || name.getBytes(StandardCharsets.UTF_8).length > Dataset.MAX_NAME_BYTES) {
            throw new SharingException(Kind.BAD_INPUT, "not a name for a dataset: " + name.length() + " characters",
                "give one line of at most " + Dataset.MAX_NAME_BYTES + " bytes");
        }
        return dataset;
    }

    /** Found out before anything is encrypted: all boxes travel in one bundle. */
    private void checkSize(final Dataset dataset, final Contract contract) throws SharingException {
        long bytes = Contract.MAX_BYTES + 4096L + dataset.chunks() * (2L * Hash.BYTES)
            + keys.replicas() * (long) (ShareBox.sealedBytes(dataset.chunks()) + 4 + Hash.BYTES);
        final var seekers = contract.rangesBySeeker();
        for (final List<ChunkRange> ranges : seekers.values()) {
            final int chunks = ranges.stream().mapToInt(ChunkRange::count).sum();
            bytes += SeekerBox.sealedBytes(chunks) + keys.replicas() * (long) (ShareBox.sealedBytes(1) + 4 + Hash.BYTES)
                + ranges.size() * (long) ChunkRange.BYTES + 64;
        }
        if (seekers.size() > SeekerPart.MAX_PARTS || bytes > Bundle.MAX_BODY_BYTES) {
            throw new SharingException(Kind.BAD_INPUT, "the transaction is too large: about " + bytes + " bytes of "
                + Bundle.MAX_BODY_BYTES + ", " + seekers.size() + " seekers of " + SeekerPart.MAX_PARTS,
                "publish with larger chunks, or grant some seekers afterwards");
        }
    }
}
