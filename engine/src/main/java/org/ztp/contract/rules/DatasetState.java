package org.ztp.contract.rules;

import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A published dataset as the state has it; all the rest is in its PUBLISH transaction.
 *
 * @param owner key of who published it
 * @param dataset name and sizes
 * @param transaction the PUBLISH
 * @param height height of its block
 * @param timeMillis time of its block, milliseconds since 1970
 * @param shareRoots 32 bytes a replica: the root over its shares; not to be changed
 */
public record DatasetState(Hash owner, Dataset dataset, TransactionId transaction, long height, long timeMillis,
                           byte[] shareRoots) {
    /** Its bytes. */
    byte[] encode() {
        final WireWriter out = new WireWriter().hash(owner);
        dataset.encode(out);
        transaction.encode(out);
        return out.u64(height).u64(timeMillis).bytes32(shareRoots).toBytes();
    }

    /** Reads one; the reader fails if it is none. */
    static DatasetState decode(final WireReader in) {
        return new DatasetState(in.hash(), Dataset.decode(in), TransactionId.decode(in), in.u64(), in.u64(),
            in.bytes32(ReplicaBoxes.MAX_REPLICAS * Hash.BYTES));
    }
}
