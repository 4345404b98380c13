package org.ztp.contract.transaction;

import java.util.Optional;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * APPROVE: the signer's approval of a request that waits for some. 37 bytes.
 *
 * <pre>
 *   u8 5 | request: bundle 32, u32 index
 * </pre>
 *
 * @param request the request's id
 */
public record Approve(TransactionId request) {
    /** The kind's number. */
    public static final int KIND = 5;

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter().u8(KIND);
        request.encode(out);
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Approve> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Approve approve = new Approve(TransactionId.decode(in));
        return in.finished() ? Optional.of(approve) : Optional.empty();
    }
}
