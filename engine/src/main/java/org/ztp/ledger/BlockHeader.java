package org.ztp.ledger;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What is hashed, voted on and chained: 208 bytes.
 *
 * @param subCluster the sub-cluster whose chain this is
 * @param proposer replica that proposed it
 * @param height 1 for the first block after the genesis
 * @param view view in which it was proposed
 * @param timeMillis the block's time, milliseconds since 1970, never before its parent's
 * @param chain hash of the genesis
 * @param parent hash of the block one lower (the chain's name at height 1)
 * @param transactionsRoot Merkle root over the batch references
 * @param stateDigest digest of the state after the parent
 * @param epoch number of the epoch it knows of, 0 for none
 * @param epochRoot root of that epoch
 * @param batches number of batches
 * @param transactions number of transactions in all
 */
public record BlockHeader(int subCluster, int proposer, long height, long view, long timeMillis, Hash chain, Hash parent,
                          Hash transactionsRoot, Hash stateDigest, long epoch, Hash epochRoot, int batches,
                          int transactions) {
    /** Encoded size. */
    public static final int BYTES = 208;
    private static final int VERSION = 1;

    /** Writes the 208 bytes. */
    public void encode(final WireWriter out) {
        out.u16(VERSION).u16(subCluster).u32(proposer).u64(height).u64(view).u64(timeMillis)
            .hash(chain).hash(parent).hash(transactionsRoot).hash(stateDigest)
            .u64(epoch).hash(epochRoot).u32(batches).u32(transactions);
    }

    /** Reads the 208 bytes; the reader fails if they are none. */
    public static BlockHeader decode(final WireReader in) {
        in.require(in.u16() == VERSION);
        final BlockHeader header = new BlockHeader(in.u16(), in.u32(), in.u64(), in.u64(), in.u64(),
            in.hash(), in.hash(), in.hash(), in.hash(), in.u64(), in.hash(), in.u32(), in.u32());
        in.require(header.height > 0 && header.view > 0 && header.transactions >= header.batches);
        return header;
    }

    /** SHA-256 over the domain's tag and the header. */
    public Hash hash() {
        final WireWriter out = new WireWriter(BYTES);
        encode(out);
        return Hash.sha256(Domain.BLOCK.tag(), out.toBytes());
    }
}
