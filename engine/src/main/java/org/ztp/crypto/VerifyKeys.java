package org.ztp.crypto;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded cache of decoded {@link VerifyKey}s, looked up by their 32 bytes: a hit neither decodes nor allocates, and
 * takes no lock. Any number of threads may use it.
 *
 * <p>Keys fall into sets of {@value #WAYS}; a new key enters its set first, and the oldest of that set leaves. What
 * is not cached is decoded again, so the cache changes speed and never an answer.
 */
public final class VerifyKeys {
    private static final int WAYS = 4;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final AtomicReferenceArray<Optional<VerifyKey>> slots;
    private final int setMask;

    /**
     * @param capacity number of keys kept at most, 4 .. 2^24; rounded up to a power of two
     */
    public VerifyKeys(final int capacity) {
        if (capacity < WAYS || capacity > 1 << 24) {
            throw new IllegalArgumentException("capacity out of range: expected=4..16777216 actual=" + capacity);
        }
        final int size = Integer.highestOneBit(capacity - 1) << 1;
        slots = new AtomicReferenceArray<>(size);
        setMask = size / WAYS - 1;
    }

    /** The key whose encoding stands at {@code offset}, or empty when {@link VerifyKey#decode} refuses it. */
    public Optional<VerifyKey> get(final byte[] source, final int offset) {
        if (offset < 0 || source.length - offset < VerifyKey.BYTES) {
            return Optional.empty();
        }
        final int first = setOf(source, offset) * WAYS;
        for (int way = 0; way < WAYS; way++) {
            final Optional<VerifyKey> cached = slots.get(first + way);
            if (cached != null && cached.get().matches(source, offset)) {
                return cached;
            }
        }
        final Optional<VerifyKey> decoded = VerifyKey.decode(source, offset);
        if (decoded.isPresent()) {
            enter(first, decoded);
        }
        return decoded;
    }

    /** Races between two threads that enter keys lose an entry at worst: every slot is null or a whole key. */
    private void enter(final int first, final Optional<VerifyKey> key) {
        for (int way = WAYS - 1; way > 0; way--) {
            slots.set(first + way, slots.get(first + way - 1));
        }
        slots.set(first, key);
    }

    private int setOf(final byte[] source, final int offset) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word = word << 8 | source[offset + i] & 0xff;
        }
        return (int) (word * MIX >>> 32) & setMask;
    }
}
