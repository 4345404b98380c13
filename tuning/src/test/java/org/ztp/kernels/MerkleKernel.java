package org.ztp.kernels;

import java.util.Arrays;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ztp.merkle.CompactRange;
import org.ztp.merkle.MerkleRoot;
import org.ztp.merkle.TreeHasher;

/** The root over leaves that are hashed already. */
@State(Scope.Benchmark)
public class MerkleKernel {
    private static final int HASH_BYTES = 32;

    /** Leaves of the tree. */
    @Param({"100", "10000"})
    public int leaves;
    private final TreeHasher hasher = new TreeHasher();
    private final CompactRange range = new CompactRange(hasher);
    private final byte[] root = new byte[HASH_BYTES];
    private byte[] hashes;
    private byte[] work;

    /** Random leaves. */
    @Setup(Level.Trial)
    public void fill() {
        hashes = new byte[HASH_BYTES * leaves];
        new Random(4).nextBytes(hashes);
        work = new byte[hashes.length];
    }

    /** What is used for a bundle, whose leaves come one after another: memory for one hash a level. */
    @Benchmark
    public byte[] compactRange() {
        range.reset();
        for (int i = 0; i < leaves; i++) {
            range.append(hashes, i * HASH_BYTES);
        }
        range.root(root, 0);
        return root;
    }

    /** What is used for the leaves of a batch: level by level in place. */
    @Benchmark
    public byte[] inPlace() {
        System.arraycopy(hashes, 0, work, 0, hashes.length);
        MerkleRoot.reduceInPlace(hasher, work, 0, leaves);
        return work;
    }

    /** Rejected: recursion over copies, as RFC 6962 writes it down. */
    @Benchmark
    public byte[] rejectedRecursion() {
        return recursive(hashes);
    }

    private byte[] recursive(final byte[] of) {
        final int count = of.length / HASH_BYTES;
        if (count == 1) {
            return of;
        }
        final int left = Integer.highestOneBit(count - 1) * HASH_BYTES;
        final byte[] out = new byte[HASH_BYTES];
        hasher.node(recursive(Arrays.copyOf(of, left)), 0, recursive(Arrays.copyOfRange(of, left, of.length)), 0, out,
            0);
        return out;
    }
}
