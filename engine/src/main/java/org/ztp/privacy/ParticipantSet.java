package org.ztp.privacy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ztp.wire.WireWriter;

/**
 * The replicas that contribute to one release: distinct numbers, 0 .. 254, ascending. The Lagrange coefficients depend
 * on the whole set, so all contributions to a sum must be made for the same one. Immutable.
 */
public final class ParticipantSet {
    private final int[] replicas;

    private ParticipantSet(final int[] replicas) {
        this.replicas = replicas;
    }

    /**
     * The set of these replicas, in any order.
     *
     * @throws IllegalArgumentException when one occurs twice or is out of range, or there is none
     */
    public static ParticipantSet of(final int... replicas) {
        final int[] sorted = replicas.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0 || sorted[0] < 0 || sorted[sorted.length - 1] >= SecretSharing.MAX_SHARES
            || IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] == sorted[i - 1])) {
            throw new IllegalArgumentException("not a set of replicas 0..254: " + Arrays.toString(replicas));
        }
        return new ParticipantSet(sorted);
    }

    /** Number of replicas. */
    public int size() {
        return replicas.length;
    }

    /** The replica at a place, 0 .. size-1, in ascending order. */
    public int replica(final int place) {
        return replicas[place];
    }

    /** Whether a replica is one of them. */
    public boolean contains(final int replica) {
        return Arrays.binarySearch(replicas, replica) >= 0;
    }

    /**
     * The Lagrange coefficient at 0 of one replica: the product over all others m of x_m / (x_m - x_j), in GF(2^8),
     * with x = replica + 1.
     *
     * @return 1 .. 255
     * @throws IllegalArgumentException when the replica is not in the set
     */
    public int lagrange(final int replica) {
        if (!contains(replica)) {
            throw new IllegalArgumentException("replica " + replica + " is not in the set " + this);
        }
        final int x = replica + 1;
        int above = 1;
        int below = 1;
        for (final int other : replicas) {
            if (other != replica) {
                above = GaloisField256.multiply(above, other + 1);
                below = GaloisField256.multiply(below, other + 1 ^ x);
            }
        }
        return GaloisField256.multiply(above, GaloisField256.inverse(below));
    }

    /** Appends the count and the replicas, u16 each. */
    void writeTo(final WireWriter out) {
        out.u16(replicas.length);
        for (final int replica : replicas) {
            out.u16(replica);
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ParticipantSet set && Arrays.equals(replicas, set.replicas);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(replicas);
    }

    @Override
    public String toString() {
        return Arrays.toString(replicas);
    }
}
