package org.ztp.release;

import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * The name of one round of a release: nobody but its gateway can use it, so that gateways cannot disturb each other.
 */
final class ReleaseId {
    private ReleaseId() {
    }

    /**
     * SHA-256 over domain, chain, request, gateway u16, run u64, round u16.
     *
     * @param run number of the gateway's run
     * @param round number of the run's round
     */
    static Hash of(final Hash chain, final TransactionId request, final int gateway, final long run, final int round) {
        final WireWriter out = new WireWriter().raw(Domain.RELEASE.tag()).hash(chain);
        request.encode(out);
        return Hash.sha256(out.u16(gateway).u64(run).u16(round).toBytes());
    }
}
