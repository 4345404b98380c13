package org.ztp.runtime;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.ThreadHashing;
import org.ztp.crypto.KeyedDigest;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * What those batches were, byte by byte, that this process's team has checked while one of its replicas was behind. That one gets
 * them later from a disk of this process, as other objects; which bytes are the same as were hashed then a {@link KeyedDigest}
 * tells, and the rest is hashed. The oldest are forgotten first, so that all of them take up no more than {@value #COST_MAX}
 * bytes. Any thread.
 */
final class BatchTags {
    /** About what a tag and each of its bundles take up, bytes; and all of them at most. */
    static final long COST_MAX = 32 << 20;
    private static final long TAG_COST = 256;
    private static final long BUNDLE_COST = 64;

    private final BooleanSupplier needed;
    private final KeyedDigest.Key key = new KeyedDigest.Key(new SystemRandomness());
    private final ThreadLocal<KeyedDigest> digests = ThreadLocal.withInitial(() -> new KeyedDigest(key));
    /** By root, oldest first; guarded by this, like their cost. */
    private final Map<Hash, Tag> tags = new LinkedHashMap<>();
    private long cost;
    private final AtomicLong known = new AtomicLong();

    private record Tag(BatchRef ref, Hash digest, List<Hash> bundles) {
        long cost() {
            return TAG_COST + BUNDLE_COST * bundles.size();
        }
    }

    /**
     * No tags yet.
     *
     * @param needed whether a replica of this process is behind; any thread
     */
    BatchTags(final BooleanSupplier needed) {
        this.needed = needed;
    }

    /** The team has checked all of a batch, and this is its reference. */
    void add(final BatchRef ref, final Batch batch) {
        if (needed.getAsBoolean()) {
            put(new Tag(ref, digest(batch), batch.bundles().stream().map(Bundle::id).toList()));
        }
    }

    private synchronized void put(final Tag tag) {
        if (tags.putIfAbsent(tag.ref().root(), tag) != null) {
            return;
        }
        cost += tag.cost();
        final Iterator<Tag> oldest = tags.values().iterator();
        while (cost > COST_MAX) {
            cost -= oldest.next().cost();
            oldest.remove();
        }
    }

    private synchronized Tag get(final Hash root) {
        return tags.get(root);
    }

    /** Whether a batch has the very bytes that were checked under this reference; then its bundles are identified. */
    private boolean knows(final Batch batch, final BatchRef ref) {
        final Tag tag = get(ref.root());
        if (tag == null || !tag.ref().equals(ref) || batch.length() != ref.bytes()
            || batch.bundles().size() != ref.bundles() || !digest(batch).equals(tag.digest())) {
            return false;
        }
        for (int i = 0; i < ref.bundles(); i++) {
            batch.bundles().get(i).identify(tag.bundles().get(i));
        }
        known.incrementAndGet();
        return true;
    }

    /** How many batches had the bytes that were checked, and so were not hashed again. */
    long known() {
        return known.get();
    }

    private Hash digest(final Batch batch) {
        final KeyedDigest digest = digests.get();
        batch.forEachRun(digest::update);
        return digest.digest();
    }

    /** Hashing for one thread, of what is not known here. */
    BatchHashing hashing(final Hash chain) {
        final BatchHashing hashing = new ThreadHashing(chain);
        return new BatchHashing() {
            @Override
            public Optional<BatchRef> identify(final Batch batch) {
                return hashing.identify(batch);
            }

            @Override
            public boolean isNamed(final Batch batch, final BatchRef ref) {
                return knows(batch, ref) || hashing.isNamed(batch, ref);
            }

            @Override
            public Hash transactionsRoot(final List<BatchRef> refs) {
                return hashing.transactionsRoot(refs);
            }
        };
    }
}
