package org.ztp.contract.transaction;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Shares for the replicas of a sub-cluster, in the order of their numbers: for each a root over the commitments to its
 * shares, and the shares themselves sealed to its node key. The arrays are not copied and must not be changed.
 *
 * @param roots 32 bytes a replica
 * @param boxes one a replica
 */
public record ReplicaBoxes(byte[] roots, List<byte[]> boxes) {
    /** Most replicas of a sub-cluster. */
    public static final int MAX_REPLICAS = 255;
    /** Most bytes of a box. */
    public static final int MAX_BOX_BYTES = 64 << 20;

    /** Keeps the list as it is. */
    public ReplicaBoxes {
        boxes = List.copyOf(boxes);
        if (roots.length != boxes.size() * Hash.BYTES) {
            throw new IllegalArgumentException("roots: bytes=" + roots.length + " boxes=" + boxes.size());
        }
    }

    /** Number of replicas. */
    public int replicas() {
        return boxes.size();
    }

    /** The root over one replica's shares. */
    public Hash root(final int replica) {
        return Hash.copyOf(roots, replica * Hash.BYTES);
    }

    /** Writes the number of replicas (u16), the roots, the boxes with their sizes (u32). */
    public void encode(final WireWriter out) {
        out.u16(boxes.size()).raw(roots);
        boxes.forEach(out::bytes32);
    }

    /** Reads them; the reader fails if they are none. */
    public static ReplicaBoxes decode(final WireReader in) {
        final int replicas = in.u16();
        in.require(replicas >= 1 && replicas <= MAX_REPLICAS);
        final byte[] roots = in.raw(replicas * Hash.BYTES);
        final List<byte[]> boxes = new ArrayList<>();
        for (int i = 0; i < replicas && !in.failed(); i++) {
            boxes.add(in.bytes32(MAX_BOX_BYTES));
        }
        return in.failed() ? new ReplicaBoxes(new byte[0], List.of()) : new ReplicaBoxes(roots, boxes);
    }
}
