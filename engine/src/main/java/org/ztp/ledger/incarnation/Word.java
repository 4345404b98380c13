package org.ztp.ledger.incarnation;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A replica's signature under an {@link Incarnation}.
 *
 * @param replica who signed
 * @param signature 64 bytes that may be anything until they are checked
 */
public record Word(int replica, byte[] signature) {
    /** Size of a signature (Ed25519, RFC 8032). */
    public static final int SIGNATURE_BYTES = 64;

    /** Writes replica u16, signature 64. */
    public void encode(final WireWriter out) {
        out.u16(replica).raw(signature);
    }

    /** Reads one; the reader fails if it is none. */
    public static Word decode(final WireReader in) {
        return new Word(in.u16(), in.raw(SIGNATURE_BYTES));
    }
}
