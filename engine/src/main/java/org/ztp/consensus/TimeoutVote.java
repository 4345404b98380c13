package org.ztp.consensus;

import org.ztp.ledger.Domain;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A replica's word that a view has run out of time, with the rank of its lock (Jolteon: {@code <r, qc_high.r>_i}).
 *
 * @param replica who says so
 * @param view the view that is over for it
 * @param highView view of its highest prepare certificate
 * @param highHeight height of its highest prepare certificate
 * @param signature 64 bytes over domain, chain, sub-cluster, view and rank
 */
public record TimeoutVote(int replica, long view, long highView, long highHeight, byte[] signature) {
    /** What is signed: 16 + 32 + 2 + 8 + 8 + 8 = 74 bytes. */
    public static byte[] signedBytes(final Group group, final long view, final long highView, final long highHeight) {
        return new WireWriter(80).raw(Domain.TIMEOUT.tag()).hash(group.chain()).u16(group.subCluster()).u64(view)
            .u64(highView).u64(highHeight).toBytes();
    }

    /** What this one's signature must be over. */
    public byte[] signedBytes(final Group group) {
        return signedBytes(group, view, highView, highHeight);
    }

    /** Writes 2 + 8 + 8 + 8 + 64 = 90 bytes. */
    public void encode(final WireWriter out) {
        out.u16(replica).u64(view).u64(highView).u64(highHeight).raw(signature);
    }

    /** Reads one; the reader fails if it is none. */
    public static TimeoutVote decode(final WireReader in) {
        return new TimeoutVote(in.u16(), in.u64(), in.u64(), in.u64(), in.raw(64));
    }

    /** Whether the rank told here is above the other's. */
    boolean ranksAbove(final TimeoutVote other) {
        return highView != other.highView ? highView > other.highView : highHeight > other.highHeight;
    }

    /** Whether a certificate has at least the rank told here. */
    boolean isReachedBy(final long certificateView, final long certificateHeight) {
        return certificateView != highView ? certificateView > highView : certificateHeight >= highHeight;
    }

    @Override
    public String toString() {
        return "timeout(view=" + view + " from=" + replica + " high=" + highView + "/" + highHeight + ")";
    }
}
