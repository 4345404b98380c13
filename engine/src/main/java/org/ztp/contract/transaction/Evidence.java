package org.ztp.contract.transaction;

import java.util.Optional;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * EVIDENCE: proof that a replica signed a share that is not the one that was committed to for it. Whoever received the
 * share may record it.
 *
 * <pre>
 *   u8 7 | dataset 32 | request: bundle 32, u32 index | u16 replica | u8 about
 *   u32 sent | u32 position | u8 hashes | path, 32 bytes each | root 32 | signature 64 | opening, u32 size and bytes
 * </pre>
 *
 * <p>A replica that sends shares singly signs the domain's tag, chain, request, its number, what they are about, how
 * many it sends and the RFC 6962 root over what it sends for each (the openings); the path leads from one of them to
 * that root. The evidence holds if the signature is the replica's and the opening does not lead to the committed root.
 *
 * @param dataset the dataset's id
 * @param request the request that was answered
 * @param replica number of the replica: its place among the members of its sub-cluster
 * @param about whose share it is
 * @param proof what the replica signed
 */
public record Evidence(Hash dataset, TransactionId request, int replica, About about, SignedOpening proof) {
    /** The kind's number. */
    public static final int KIND = 7;

    /** Whose share it is. */
    public enum About {
        /** A share of a chunk's first half. */
        CHUNK(1),
        /** A share of the seeker's opener. */
        OPENER(2);

        private final int code;

        About(final int code) {
            this.code = code;
        }

        /** The byte that stands for it. */
        public int code() {
            return code;
        }
    }

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(512).u8(KIND).hash(dataset);
        request.encode(out);
        out.u16(replica).u8(about.code);
        proof.encode(out);
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Evidence> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Hash dataset = in.hash();
        final TransactionId request = TransactionId.decode(in);
        final int replica = in.u16();
        final int about = in.u8();
        in.require(about == About.CHUNK.code || about == About.OPENER.code);
        final Evidence evidence = new Evidence(dataset, request, replica,
            about == About.OPENER.code ? About.OPENER : About.CHUNK, SignedOpening.decode(in));
        return in.finished() ? Optional.of(evidence) : Optional.empty();
    }
}
