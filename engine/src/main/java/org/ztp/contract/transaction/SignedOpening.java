package org.ztp.contract.transaction;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * One of the openings that a replica sent singly, with the proof that it signed it. The arrays are not copied and must
 * not be changed.
 *
 * @param sent number of openings that were signed together, 1 or more
 * @param position position of this one among them
 * @param path from this one to the signed root: 32 bytes a hash, at most {@link #MAX_PATH_HASHES}
 * @param root RFC 6962 root over the openings, 32 bytes
 * @param signature 64 bytes of Ed25519
 * @param opening what was sent: share, salt and path to the committed root
 */
public record SignedOpening(int sent, int position, byte[] path, Hash root, byte[] signature, byte[] opening) {
    /** Longest path. */
    public static final int MAX_PATH_HASHES = 20;
    /** Size of a signature. */
    public static final int SIGNATURE_BYTES = 64;
    /** Most bytes of an opening. */
    public static final int MAX_OPENING_BYTES = 1024;

    /** Writes the fields in their order, path and opening behind their sizes. */
    void encode(final WireWriter out) {
        out.u32(sent).u32(position).u8(path.length / Hash.BYTES).raw(path).hash(root).raw(signature).bytes32(opening);
    }

    /** Reads one; the reader fails if it is none. */
    static SignedOpening decode(final WireReader in) {
        final int sent = in.u32();
        final int position = in.u32();
        in.require(position < sent);
        final int hashes = in.u8();
        in.require(hashes <= MAX_PATH_HASHES);
        return new SignedOpening(sent, position, in.raw(hashes * Hash.BYTES), in.hash(), in.raw(SIGNATURE_BYTES),
            in.bytes32(MAX_OPENING_BYTES));
    }
}
