package org.ztp.ledger;

import java.util.List;
import java.util.Optional;
import org.ztp.wire.Hash;

/**
 * What a chain is built on: the genesis, or the block after which voting began anew because what the replicas had
 * promised was lost with all of them.
 *
 * @param height of that block, 0 for the genesis
 * @param block its hash, the chain's name for the genesis
 * @param firstView the first view of voting above it; no vote of an earlier view counts for any block above it
 * @param before what the chain up to that block is built on; empty for the genesis, or where that is not known
 */
public record Root(long height, Hash block, long firstView, Optional<Root> before) {
    /** Bits of a view's number below those that count how often voting has begun anew. */
    private static final int VIEW_BITS = 40;

    /** The root of a chain on which voting never began anew. */
    public static Root genesis(final Hash chain) {
        return new Root(0, chain, 1, Optional.empty());
    }

    /**
     * The root of a new beginning. Its views are above all that a replica can have been in: 2^40 views of the shortest
     * length that can be set, 10 ms, take 348 years.
     *
     * @param number 1 for the first new beginning, 2 for the next, below 2^22
     */
    public static Root anew(final long height, final Hash block, final long number) {
        return new Root(height, block, number << VIEW_BITS, Optional.empty());
    }

    /** This root of a chain that was built on another one; what of that stands above this root is lost. */
    public Root on(final Root other) {
        Optional<Root> below = Optional.of(other);
        while (below.isPresent() && below.get().height >= height) {
            below = below.get().before;
        }
        return new Root(height, block, firstView, below);
    }

    /** How often voting has begun anew; 0 for the genesis. */
    public long number() {
        return numberOf(firstView);
    }

    /** How often voting had begun anew when a view was voted in. */
    public static long numberOf(final long view) {
        return view >> VIEW_BITS;
    }

    /** What stands in the place of a prepare certificate of the block: nobody voted on a root. */
    public Certificate certificate() {
        return height == 0 ? Certificate.genesis(block)
            : new Certificate(Phase.PREPARE, firstView - 1, height, block, List.of());
    }

    /** Whether a certificate's votes count, as far as voting has begun anew. */
    public boolean counts(final Certificate certificate) {
        return holds(certificate.height(), certificate.block(), certificate.view());
    }

    /**
     * Whether a block that was voted for in a view can be one of the chain: not if it is of before a root that it is above,
     * nor if it is another block of a root's height.
     */
    public boolean holds(final long at, final Hash hash, final long view) {
        return at > height ? view >= firstView
            : (at < height || hash.equals(block)) && (before.isEmpty() || before.get().holds(at, hash, view));
    }

    /** Whether what was voted for at a height in a view was lost when voting began anew below it. */
    public boolean isLost(final long at, final long view) {
        return at > height ? view < firstView : before.isPresent() && before.get().isLost(at, view);
    }

    /** The last root at a height or below. */
    public Root upTo(final long at) {
        return at >= height || before.isEmpty() ? this : before.get().upTo(at);
    }
}
