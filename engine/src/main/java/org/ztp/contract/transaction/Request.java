package org.ztp.contract.transaction;

import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * REQUEST: the signer asks for chunks.
 *
 * <pre>
 *   u8 6 | dataset 32 | u32 first, u32 last | purpose text | fresh key 32 | job text
 * </pre>
 *
 * @param dataset the dataset's id
 * @param chunks what is asked for
 * @param purpose what for, at most {@link #MAX_PURPOSE_BYTES} bytes of UTF-8; may be empty
 * @param freshKey X25519 key made for this request, to which the replicas mask what they release
 * @param job Slurm job that asks, at most {@link #MAX_JOB_BYTES} bytes of UTF-8; empty for none
 */
public record Request(Hash dataset, ChunkRange chunks, String purpose, Hash freshKey, String job) {
    /** The kind's number. */
    public static final int KIND = 6;
    /** Longest purpose. */
    public static final int MAX_PURPOSE_BYTES = 1024;
    /** Longest name of a job. */
    public static final int MAX_JOB_BYTES = 128;

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter().u8(KIND).hash(dataset);
        chunks.encode(out);
        return out.text(purpose).hash(freshKey).text(job).toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Request> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Request request = new Request(in.hash(), ChunkRange.decode(in), in.text(MAX_PURPOSE_BYTES), in.hash(),
            in.text(MAX_JOB_BYTES));
        return in.finished() ? Optional.of(request) : Optional.empty();
    }
}
