package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.merkle.CompactRange;
import org.ztp.merkle.MerkleRoot;
import org.ztp.merkle.TreeHasher;

@Timeout(30)
class ParallelMerkleRootTest {
    private final TreeHasher hasher = new TreeHasher();

    @Test
    void theRootIsTheSequentialOne() {
        byte[] hashes = hashes(5000);
        for (int threads : new int[] {1, 2, 3, 4}) {
            try (Team team = new Team(threads)) {
                ParallelMerkleRoot parallel = new ParallelMerkleRoot(team);
                for (int count : new int[] {0, 1, 2, 63, 64, 127, 128, 129, 191, 192, 193, 1024, 1025, 4095, 4999}) {
                    byte[] expected = new byte[32];
                    MerkleRoot.root(new CompactRange(hasher), hashes, 32, count, expected, 0);
                    byte[] work = hashes.clone();
                    parallel.reduceInPlace(work, 32, count);
                    assertArrayEquals(expected, Arrays.copyOfRange(work, 32, 64), "count=" + count);
                    assertArrayEquals(Arrays.copyOf(hashes, 32), Arrays.copyOf(work, 32));
                }
            }
        }
    }

    @Test
    void countsThatLeaveTheArrayAreRefused() {
        try (Team team = new Team(2)) {
            ParallelMerkleRoot parallel = new ParallelMerkleRoot(team);
            byte[] hashes = hashes(200);
            for (int count : new int[] {201, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> parallel.reduceInPlace(hashes, 0, count));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> parallel.reduceInPlace(hashes, 1, 200));
        }
    }

    private byte[] hashes(int count) {
        byte[] hashes = new byte[count * 32];
        for (int i = 0; i < count; i++) {
            hasher.leaf(new byte[] {(byte) i, (byte) (i >>> 8)}, 0, 2, hashes, i * 32);
        }
        return hashes;
    }
}
