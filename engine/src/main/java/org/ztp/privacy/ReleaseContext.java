package org.ztp.privacy;

import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * What the masks of one attempt at a release are bound to. Another request, contract version, set of replicas or
 * attempt has other masks, so no two masked vectors ever share one.
 *
 * @param chain           the hash of the genesis
 * @param bundle          the hash of the bundle that the request is in
 * @param index           the request's place in that bundle
 * @param contractVersion the version of the contract that allowed it
 * @param set             the replicas that contribute
 * @param attempt         0 for the first attempt, then one more for each
 */
public record ReleaseContext(Hash chain, Hash bundle, int index, long contractVersion, ParticipantSet set,
                             int attempt) {
    /** Refuses negative numbers. */
    public ReleaseContext {
        if (index < 0 || contractVersion < 0 || attempt < 0) {
            throw new IllegalArgumentException("negative: index=" + index + " contractVersion=" + contractVersion
                + " attempt=" + attempt);
        }
    }

    /**
     * {@code tag 16 | chain 32 | bundle 32 | index u32 | contract version u64 | attempt u32 | count u16 | replicas u16}
     * and then the replica u16, both public keys 32 each.
     */
    byte[] maskInfo(final int replica, final byte[] nodeKey, final byte[] seekerKey) {
        final WireWriter out = new WireWriter().raw(Label.MASK.tag()).hash(chain).hash(bundle).u32(index)
            .u64(contractVersion).u32(attempt);
        set.writeTo(out);
        return out.u16(replica).raw(nodeKey).raw(seekerKey).toBytes();
    }
}
