package org.ztp.privacy;

import org.ztp.contract.transaction.Evidence.About;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Which release shares are sent for, when they are sent singly.
 *
 * @param chain hash of the genesis
 * @param request the request
 * @param contractVersion the version of the contract that allowed it
 */
public record ReleaseName(Hash chain, TransactionId request, int contractVersion) {
    /** What singly sent shares are sealed with: {@code tag 16 | chain 32 | request 36 | version u32 | replica u16}. */
    byte[] sealInfo(final int replica) {
        return start().u32(contractVersion).u16(replica).toBytes();
    }

    /**
     * What a replica signs when it sends shares singly:
     * {@code tag 16 | chain 32 | request 36 | replica u16 | about u8 | sent u32 | root 32}.
     *
     * @param sent number of openings
     * @param root RFC 6962 root over them, 32 bytes
     */
    byte[] signed(final int replica, final About about, final int sent, final byte[] root) {
        return start().u16(replica).u8(about.code()).u32(sent).raw(root).toBytes();
    }

    private WireWriter start() {
        final WireWriter out = new WireWriter().raw(Domain.SINGLE_SHARES.tag()).hash(chain);
        request.encode(out);
        return out;
    }
}
