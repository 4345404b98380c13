package org.ztp.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ztp.merkle.Hashes.hex;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void hashesTheExamplesOfFips180() {
        assertArrayEquals(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)));
        assertArrayEquals(hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                Sha256.of(new byte[0]));
    }

    @Test
    void heapDirectAndSlicedBuffersHashAlike() {
        byte[] bytes = new byte[10_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
        direct.putBytes(0, bytes);
        DirectBuffer[] buffers = {
            new UnsafeBuffer(bytes), direct, new UnsafeBuffer(ByteBuffer.wrap(bytes)), new UnsafeBuffer(bytes, 0, 9_900),
        };
        Sha256 sha = new Sha256();
        byte[] expected = sha.update(bytes, 17, 9_000).digest();
        for (DirectBuffer buffer : buffers) {
            assertArrayEquals(expected, sha.update(buffer, 17, 9_000).digest());
            assertArrayEquals(expected, sha.update(new UnsafeBuffer(buffer, 10, 9_800), 7, 9_000).digest());
        }
    }

    @Test
    void aSliceOutsideItsBufferIsRefusedAndLeavesNothingBehind() {
        TreeHasher hasher = new TreeHasher();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        byte[] out = new byte[32];
        assertThrows(IndexOutOfBoundsException.class, () -> hasher.leaf(buffer, 4, 5, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> hasher.leaf(new byte[8], 4, 5, out, 0));
        hasher.leaf(new byte[0], 0, 0, out, 0);
        assertArrayEquals(hex(Hashes.CT_ROOTS[0]), out);
    }

    @Test
    void nothingIsAllocatedAfterWarmUp() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TreeHasher hasher = new TreeHasher();
        CompactRange range = new CompactRange(hasher);
        UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(6_000));
        UnsafeBuffer heap = new UnsafeBuffer(new byte[300]);
        byte[] out = new byte[32 * 9];
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 20 && allocated != 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                hasher.leaf(direct, 1, 5_000, out, 0);
                hasher.leaf(heap, 1, 200, out, 32);
                range.append(out, 0);
                range.root(out, 64);
                MerkleRoot.reduceInPlace(hasher, out, 0, 9);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated);
    }
}
