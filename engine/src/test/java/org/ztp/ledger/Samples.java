package org.ztp.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ztp.wire.Hash;

/** Clients, bundles and batches for tests, signed by a keyed hash that costs little: SHA-256(key | message), twice. */
public final class Samples {
    /** A chain's name. */
    public static final Hash CHAIN = Hash.sha256(utf8("chain"));
    /** Checks the samples' signatures. */
    public static final ClientSignatures SIGNATURES = (key, keyOffset, signature, signatureOffset, message) ->
        Arrays.equals(sign(Hash.copyOf(key, keyOffset), message), 0, 64, signature, signatureOffset,
            signatureOffset + 64);

    private Samples() {
    }

    public static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] sign(final Hash key, final byte[] message) {
        final Hash half = Hash.sha256(key.toBytes(), message);
        final byte[] signature = Arrays.copyOf(half.toBytes(), 64);
        half.copyTo(signature, 32);
        return signature;
    }

    public static Hash client(final int number) {
        return Hash.sha256(utf8("client " + number));
    }

    public static byte[] submission(final int number) {
        return Arrays.copyOf(utf8("submission " + number), Bundle.SUBMISSION_BYTES);
    }

    public static BundleBuilder builder(final int client, final int submission) {
        return new BundleBuilder(CHAIN, client(client), submission(submission),
            message -> sign(client(client), message));
    }

    public static Bundle bundle(final int client, final int submission, final long sequence,
                                final byte[]... transactions) {
        final BundleBuilder builder = builder(client, submission);
        for (final byte[] transaction : transactions) {
            builder.add(transaction, 0, transaction.length);
        }
        return builder.seal(sequence);
    }

    /** A bundle of so many transactions of a few bytes. */
    public static Bundle small(final int client, final long sequence, final int count) {
        final byte[][] transactions = new byte[count][];
        for (int i = 0; i < count; i++) {
            transactions[i] = utf8("transaction " + i);
        }
        return bundle(client, 1, sequence, transactions);
    }

    public static Batch batch(final Bundle... bundles) {
        final BatchBuilder builder = new BatchBuilder(Integer.MAX_VALUE);
        for (final Bundle bundle : bundles) {
            builder.add(bundle);
        }
        return builder.build();
    }

    public static BatchRef ref(final Batch batch) {
        return BatchRoot.of(new BundleHasher(CHAIN), batch);
    }

    /** A block of batches whose header fits them. */
    public static Block block(final long height, final Hash parent, final Hash stateDigest, final Batch... batches) {
        final List<BatchRef> refs = new ArrayList<>();
        int transactions = 0;
        for (final Batch batch : batches) {
            refs.add(ref(batch));
            transactions += batch.transactions();
        }
        return Block.of(new BlockHeader(0, 1, height, height, 1_700_000_000_000L + height, CHAIN, parent,
            BlockRoot.of(refs), stateDigest, 0, Hash.ZERO, refs.size(), transactions), refs);
    }
}
