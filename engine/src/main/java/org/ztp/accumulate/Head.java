package org.ztp.accumulate;

import org.ztp.wire.Hash;

/**
 * The newest final block of a sub-cluster.
 *
 * @param subCluster its number, 0 .. 65535
 * @param height     of the block, 0 and up
 * @param hash       of the block
 */
public record Head(int subCluster, long height, Hash hash) {
    /** Largest number of a sub-cluster. */
    public static final int MAX_SUB_CLUSTER = 0xffff;

    /** Checks the ranges. */
    public Head {
        if (subCluster < 0 || subCluster > MAX_SUB_CLUSTER || height < 0) {
            throw new IllegalArgumentException("head: sub-cluster=" + subCluster + " height=" + height);
        }
    }
}
