package org.ztp.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ztp.privacy.GaloisField256;

/** A vector of shares times a Lagrange coefficient in GF(2^8). */
@State(Scope.Thread)
public class GaloisFieldKernel {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long LOWEST = 0x0101010101010101L;

    /** Chunks of the vector. */
    @Param({"256", "100000"})
    public int chunks;
    private final byte[] products = new byte[256];
    private byte[] vector;
    private int scalar;

    /** A vector of random shares. */
    @Setup(Level.Trial)
    public void fill() {
        vector = new byte[32 * chunks];
        new Random(1).nextBytes(vector);
    }

    private int next() {
        scalar = scalar % 255 + 1;
        return scalar;
    }

    /**
     * What is used: a loop for each bit over arrays of longs, which the compiler turns into the processor's vectors.
     */
    @Benchmark
    public byte[] scale() {
        GaloisField256.scale(vector, 0, vector.length, next());
        return vector;
    }

    /** Rejected, slower: all bits of one long after another, in one loop that is too long to become vectors. */
    @Benchmark
    public byte[] rejectedOneLoop() {
        final int factor = next();
        for (int at = 0; at < vector.length; at += Long.BYTES) {
            long doubled = (long) LONGS.get(vector, at);
            long sum = 0;
            for (int bits = factor; bits != 0; bits >>>= 1) {
                sum ^= doubled & -(bits & 1L);
                doubled = (doubled & LOW_SEVEN) << 1 ^ (doubled >>> 7 & LOWEST) * 0x1b;
            }
            LONGS.set(vector, at, sum);
        }
        return vector;
    }

    /** Rejected though no slower: a table of products, whose memory accesses tell of the secret bytes. */
    @Benchmark
    public byte[] rejectedTable() {
        final int factor = next();
        for (int i = 0; i < products.length; i++) {
            products[i] = (byte) GaloisField256.multiply(i, factor);
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = products[vector[i] & 0xff];
        }
        return vector;
    }
}
