package org.ztp.privacy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.wire.Hash;

/**
 * The keys of the chunks that were asked for, joined from both halves and checked against their commitments.
 * {@link #close()} overwrites them.
 *
 * @param chunks the chunks
 * @param keys 32 bytes a chunk; secret
 */
public record ChunkKeys(ChunkRange chunks, byte[] keys) implements AutoCloseable {
    /**
     * What came of joining.
     *
     * @param keys the keys; empty if something does not fit
     * @param wrong what does not fit: the shares that were accumulated are then to be had singly
     */
    public record Joined(Optional<ChunkKeys> keys, String wrong) {
        private static Joined failed(final String wrong) {
            return new Joined(Optional.empty(), wrong);
        }
    }

    /**
     * Joins the halves.
     *
     * @param context what the dataset's boxes are bound to
     * @param publish the dataset's PUBLISH
     * @param part the seeker's part, from the PUBLISH or a GRANT
     * @param chunks what was asked for; inside of the part's ranges
     * @param released what the replicas released, unmasked: first halves of these chunks, then the opener; it is
     * overwritten
     * @param seeker the seeker's key
     */
    public static Joined join(final DatasetContext context, final Publish publish, final SeekerPart part,
                              final ChunkRange chunks, final byte[] released, final SigningKey seeker) {
        try {
            if (released.length != (chunks.count() + 1) * KeyVector.ENTRY_BYTES) {
                return Joined.failed("released: expected=" + (chunks.count() + 1) * KeyVector.ENTRY_BYTES + " actual="
                    + released.length + " bytes");
            }
            final int from = placeOf(chunks, part.ranges()) * KeyVector.ENTRY_BYTES;
            final byte[] opener = Arrays.copyOfRange(released, released.length - KeyVector.ENTRY_BYTES,
                released.length);
            final Optional<byte[]> seconds = seconds(context, part, opener, seeker);
            Secrets.zero(opener);
            return seconds.map(halves -> join(context, publish, from, chunks, released, halves))
                .orElseGet(() -> Joined.failed("the opener does not open the second halves"));
        } finally {
            Secrets.zero(released);
        }
    }

    private static Joined join(final DatasetContext context, final Publish publish, final int from,
                               final ChunkRange chunks, final byte[] released, final byte[] seconds) {
        final int length = chunks.count() * KeyVector.ENTRY_BYTES;
        final byte[] keys = Arrays.copyOf(released, length);
        final byte[] wanted = Arrays.copyOfRange(seconds, from, from + length);
        Secrets.zero(seconds);
        ChunkHalves.join(keys, wanted);
        Secrets.zero(wanted);
        final KeyCommitments commitments = new KeyCommitments(context.nonce());
        for (int i = 0; i < chunks.count(); i++) {
            final int chunk = chunks.first() + i;
            final Hash commitment = Hash.copyOf(publish.commitments(), chunk * Hash.BYTES);
            if (!commitments.matches(chunk, keys, i * KeyVector.ENTRY_BYTES, commitment)) {
                Secrets.zero(keys);
                return Joined.failed("the key of chunk " + chunk + " is not the one that was committed to");
            }
        }
        return new Joined(Optional.of(new ChunkKeys(chunks, keys)), "");
    }

    private static Optional<byte[]> seconds(final DatasetContext context, final SeekerPart part, final byte[] opener,
                                            final SigningKey seeker) {
        final int total = part.ranges().stream().mapToInt(ChunkRange::count).sum();
        try (X25519PrivateKey key = seeker.toX25519()) {
            return SeekerBox.open(context, seeker.verifyKey(), key, opener, part.ranges().get(0).first(), total,
                part.box());
        }
    }

    /** How many second halves stand before those of the chunks. */
    private static int placeOf(final ChunkRange chunks, final List<ChunkRange> ranges) {
        int before = 0;
        for (final ChunkRange range : ranges) {
            if (range.contains(chunks)) {
                return before + chunks.first() - range.first();
            }
            before += range.count();
        }
        throw new IllegalArgumentException("chunks " + chunks + " are not in the seeker's part: " + ranges);
    }

    /** Names the chunks only. */
    @Override
    public String toString() {
        return "ChunkKeys[" + chunks + "]";
    }

    @Override
    public void close() {
        Secrets.zero(keys);
    }
}
