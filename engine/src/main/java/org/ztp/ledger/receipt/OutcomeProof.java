package org.ztp.ledger.receipt;

import org.ztp.ledger.state.StateProof;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * That an outcome is what a block came to: it is under the digest of the state that a later final block names.
 *
 * @param index position among the block's outcomes
 * @param count number of the block's outcomes
 * @param root the root over the block's outcomes
 * @param path from the outcome to their root
 * @param state from the root and the count to the state's digest
 * @param later a final block above, whose header names the digest
 */
public record OutcomeProof(int index, int count, Hash root, MerklePath path, StateProof state, Finality later) {
    void encode(final WireWriter out) {
        out.u32(index).u32(count).hash(root);
        path.encode(out);
        state.encode(out);
        later.encode(out);
    }

    static OutcomeProof decode(final WireReader in) {
        return new OutcomeProof(in.u32(), in.u32(), in.hash(), MerklePath.decode(in), StateProof.decode(in),
            Finality.decode(in));
    }
}
