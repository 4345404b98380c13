package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;

final class SubClustersTest {
    private static Hash beginning(final int... bytes) {
        final byte[] all = new byte[Hash.BYTES];
        Arrays.fill(all, (byte) 0x5a);
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return Hash.of(all);
    }

    @Test
    void theHomeIsTheFirstEightBytesLittleEndianUnsignedModuloTheCount() {
        assertEquals(0, SubClusters.homeOf(beginning(0, 0, 0, 0, 0, 0, 0, 0), 3));
        assertEquals(2, SubClusters.homeOf(beginning(2, 0, 0, 0, 0, 0, 0, 0), 3));
        assertEquals(256 % 3, SubClusters.homeOf(beginning(0, 1, 0, 0, 0, 0, 0, 0), 3));
        assertEquals(BigInteger.TWO.pow(63).mod(BigInteger.valueOf(7)).intValue(),
            SubClusters.homeOf(beginning(0, 0, 0, 0, 0, 0, 0, 0x80), 7));
        assertEquals(BigInteger.TWO.pow(64).subtract(BigInteger.ONE).mod(BigInteger.valueOf(1000)).intValue(),
            SubClusters.homeOf(beginning(255, 255, 255, 255, 255, 255, 255, 255), 1000));
        assertEquals(0, SubClusters.homeOf(beginning(9, 9, 9, 9, 9, 9, 9, 9), 1));
    }

    @Test
    void recordsAreSpreadByClientAndSubmissionAndStay() {
        final int[] spread = new int[5];
        for (int i = 0; i < 500; i++) {
            final byte[] submission = new byte[16];
            submission[3] = (byte) i;
            submission[4] = (byte) (i >>> 8);
            final int home = SubClusters.homeOfRecords(beginning(1), submission, 5);
            assertEquals(home, SubClusters.homeOfRecords(beginning(1), submission.clone(), 5));
            spread[home]++;
        }
        for (final int count : spread) {
            assertTrue(count > 60 && count < 140, Arrays.toString(spread));
        }
    }
}
