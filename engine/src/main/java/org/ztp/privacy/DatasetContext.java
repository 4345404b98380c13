package org.ztp.privacy;

import org.ztp.crypto.VerifyKey;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * What every sealed box of a dataset is bound to, as HPKE's info: a box opens only for the chain, the dataset, the
 * purpose and the party that it was made for.
 *
 * @param chain the hash of the genesis
 * @param nonce the dataset's public random nonce, 32 bytes
 */
public record DatasetContext(Hash chain, Hash nonce) {
    /** A replica's shares of the first halves: {@code tag 16 | chain 32 | nonce 32 | replica u16 | chunks u32}. */
    byte[] chunkShares(final int replica, final int chunks) {
        return start(Label.CHUNK_SHARES).u16(replica).u32(chunks).toBytes();
    }

    /** A replica's share of a seeker's opener: {@code tag 16 | chain 32 | nonce 32 | replica u16 | seeker 32}. */
    byte[] openerShare(final int replica, final VerifyKey seeker) {
        return start(Label.OPENER_SHARE).u16(replica).raw(seeker.bytes()).toBytes();
    }

    /** A seeker's second halves: {@code tag 16 | chain 32 | nonce 32 | seeker 32 | first chunk u32 | chunks u32}. */
    byte[] seekerBox(final VerifyKey seeker, final int first, final int chunks) {
        return start(Label.SEEKER_BOX).raw(seeker.bytes()).u32(first).u32(chunks).toBytes();
    }

    /** The owner's master secret: {@code tag 16 | chain 32 | nonce 32 | owner 32}. */
    byte[] ownerBox(final VerifyKey owner) {
        return start(Label.OWNER_BOX).raw(owner.bytes()).toBytes();
    }

    private WireWriter start(final Label label) {
        return new WireWriter().raw(label.tag()).hash(chain).hash(nonce);
    }
}
