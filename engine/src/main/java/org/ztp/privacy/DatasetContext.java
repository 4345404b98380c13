package org.ztp.privacy;

import org.ztp.crypto.VerifyKey;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * What every sealed box of a dataset is bound to, as HPKE's info: a box opens only for the chain, the dataset, the
 * purpose and the party that it was made for.
 *
 * <p>The owner is part of it, and whoever opens a box takes the owner from the signature of the transaction that the
 * box came in. Otherwise a revoked seeker could copy somebody's boxes, nonce and all, into a dataset of its own with a
 * contract of its own, and the replicas would release the shares to it.
 *
 * @param chain the hash of the genesis
 * @param owner who signed the dataset's publication
 * @param nonce the dataset's public random nonce, 32 bytes
 */
public record DatasetContext(Hash chain, VerifyKey owner, Hash nonce) {
    /** A replica's shares of the first halves: {@code start | replica u16 | chunks u32}. */
    byte[] chunkShares(final int replica, final int chunks) {
        return start(Label.CHUNK_SHARES).u16(replica).u32(chunks).toBytes();
    }

    /** A replica's share of a seeker's opener: {@code start | replica u16 | seeker 32}. */
    byte[] openerShare(final int replica, final VerifyKey seeker) {
        return start(Label.OPENER_SHARE).u16(replica).raw(seeker.bytes()).toBytes();
    }

    /** A seeker's second halves: {@code start | seeker 32 | first chunk u32 | chunks u32}. */
    byte[] seekerBox(final VerifyKey seeker, final int first, final int chunks) {
        return start(Label.SEEKER_BOX).raw(seeker.bytes()).u32(first).u32(chunks).toBytes();
    }

    /** The owner's master secret: {@code start}. */
    byte[] ownerBox() {
        return start(Label.OWNER_BOX).toBytes();
    }

    /** {@code tag 16 | chain 32 | owner 32 | nonce 32}. */
    private WireWriter start(final Label label) {
        return new WireWriter().raw(label.tag()).hash(chain).raw(owner.bytes()).hash(nonce);
    }
}
