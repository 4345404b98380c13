package org.ztp.mpi;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Sends parcels of all sizes to every other rank, and checks each byte of what the others send, in order. */
final class SizesRank {
    private static final int[] SIZES = {1, 2, 3, 4, 7, 63, 64, 65, 1_000, 4_095, 4_096, 4_097, 65_000, 65_507, 65_508,
        65_509, 65_512, 65_536, 100_000, 131_072, 1_000_000, 1, 8 << 20, 5, 3_000_000, 1};
    private static final int SMALL = 2_000;

    private SizesRank() {
    }

    static int parcels() {
        return SIZES.length + SMALL;
    }

    private static byte[] parcel(final int from, final int to, final int number) {
        final Random random = new Random(from * 1_000_003L + to * 10_007L + number);
        final byte[] bytes = new byte[number < SIZES.length ? SIZES[number] : 1 + random.nextInt(500)];
        random.nextBytes(bytes);
        return bytes;
    }

    public static void main(final String[] arguments) throws Exception {
        final AtomicIntegerArray taken = new AtomicIntegerArray(64);
        final AtomicReference<TestRank> self = new AtomicReference<>();
        final TestRank rank = new TestRank(arguments[0], (from, bytes, offset, length) -> {
            while (self.get() == null) {
                Thread.onSpinWait();
            }
            final int number = taken.get(from);
            final byte[] expected = parcel(from, self.get().loop().rank(), number);
            if (!Arrays.equals(expected, 0, expected.length, bytes, offset, offset + length)) {
                self.get().report("parcel " + number + " from " + from + ": expected " + expected.length
                    + " bytes, actual " + length);
            }
            taken.incrementAndGet(from);
            return true;
        }, comm -> { }, TestRank.NEVER_SILENT_NS);
        self.set(rank);
        final int size = rank.loop().size();
        for (int number = 0; number < parcels(); number++) {
            for (int to = 0; to < size; to++) {
                if (to != rank.loop().rank()) {
                    final byte[] parcel = parcel(rank.loop().rank(), to, number);
                    while (!rank.loop().offer(to, parcel)) {
                        LockSupport.parkNanos(100_000);
                    }
                }
            }
        }
        for (int from = 0; from < size; from++) {
            while (from != rank.loop().rank() && taken.get(from) < parcels()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        rank.end("all sizes");
    }
}
