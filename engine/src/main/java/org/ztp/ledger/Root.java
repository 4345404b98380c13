package org.ztp.ledger;

import java.util.List;
import org.ztp.wire.Hash;

/**
 * What a chain is built on: the genesis, or the block after which voting began anew because what the replicas had
 * promised was lost with all of them.
 *
 * @param height of that block, 0 for the genesis
 * @param block its hash, the chain's name for the genesis
 * @param firstView the first view of voting above it; no vote of an earlier view counts for any block above it
 */
public record Root(long height, Hash block, long firstView) {
    /** Bits of a view's number below those that count how often voting has begun anew. */
    private static final int VIEW_BITS = 40;

    /** The root of a chain on which voting never began anew. */
    public static Root genesis(final Hash chain) {
        return new Root(0, chain, 1);
    }

    /**
     * The root of a new beginning. Its views are above all that a replica can have been in: 2^40 views of the shortest
     * length that can be set, 10 ms, take 348 years.
     *
     * @param number 1 for the first new beginning, 2 for the next, below 2^22
     */
    public static Root anew(final long height, final Hash block, final long number) {
        return new Root(height, block, number << VIEW_BITS);
    }

    /** How often voting has begun anew; 0 for the genesis. */
    public long number() {
        return firstView >> VIEW_BITS;
    }

    /** What stands in the place of a prepare certificate of the block: nobody voted on a root. */
    public Certificate certificate() {
        return height == 0 ? Certificate.genesis(block)
            : new Certificate(Phase.PREPARE, firstView - 1, height, block, List.of());
    }

    /** Whether a certificate's votes count: not if they are for a block above the root and from before it. */
    public boolean counts(final Certificate certificate) {
        return certificate.height() <= height || certificate.view() >= firstView;
    }
}
