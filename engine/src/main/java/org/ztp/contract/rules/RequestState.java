package org.ztp.contract.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Decision;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A request and what became of it.
 *
 * @param request what was asked: dataset, chunks, purpose, fresh key, job
 * @param seeker key of who asked
 * @param part PUBLISH or GRANT with the part of the seeker that it is served with; empty if the seeker had none
 * @param approvals keys of those who approved it, in their order
 * @param status what it came to
 * @param version version of the contract that decided
 * @param height height of the block that decided
 * @param timeMillis time of the block that decided, milliseconds since 1970
 * @param reason the rule that decided, for people and auditors
 */
public record RequestState(Request request, Hash seeker, Optional<TransactionId> part, List<Hash> approvals,
                           Status status, int version, long height, long timeMillis, String reason) {
    /** Longest reason. */
    static final int MAX_REASON_BYTES = 512;
    /** Most approvals of a request, needed or not: their number is one byte of its state. */
    static final int MAX_APPROVALS = 255;

    /** What a request can come to. */
    public enum Status {
        /** Replicas release the shares. */
        ALLOWED(1),
        /** A rule of the contract forbids it. */
        DENIED(2),
        /** It waits for approvals. */
        PENDING(3),
        /** Its seeker was revoked afterwards. Never stored, see {@link SharingState#request}. */
        CLOSED(4);

        private final int code;

        Status(final int code) {
            this.code = code;
        }

        static Status of(final Decision.Status decided) {
            return valueOf(decided.name());
        }
    }

    /** Keeps the list as it is. */
    public RequestState {
        approvals = List.copyOf(approvals);
    }

    /** The same with one more approval. */
    RequestState approvedBy(final Hash approver) {
        final List<Hash> more = new ArrayList<>(approvals);
        more.add(approver);
        return new RequestState(request, seeker, part, more, status, version, height, timeMillis, reason);
    }

    /** The same as closed. */
    RequestState closed(final int revokedVersion) {
        return new RequestState(request, seeker, part, approvals, Status.CLOSED, version, height, timeMillis,
            "closed: the seeker was revoked (contract version " + revokedVersion + ")");
    }

    /** Its bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter().bytes32(request.encode()).hash(seeker).flag(part.isPresent());
        part.ifPresent(id -> id.encode(out));
        out.u8(approvals.size());
        approvals.forEach(out::hash);
        return out.u8(status.code).u32(version).u64(height).u64(timeMillis).text(reason).toBytes();
    }

    /** Reads what {@link #encode} writes; empty if the bytes are anything else. */
    public static Optional<RequestState> parse(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        final RequestState state = decode(in);
        return in.finished() ? Optional.of(state) : Optional.empty();
    }

    /** Reads one; the reader fails if it is none. */
    static RequestState decode(final WireReader in) {
        final byte[] bytes = in.bytes32(4096);
        final Request request = Request.parse(bytes, 0, bytes.length).orElse(null);
        in.require(request != null);
        final Hash seeker = in.hash();
        final Optional<TransactionId> part =
            in.flag() ? Optional.of(TransactionId.decode(in)) : Optional.empty();
        final int count = in.u8();
        final List<Hash> approvals = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            approvals.add(in.hash());
        }
        final int code = in.u8();
        in.require(code >= 1 && code <= Status.CLOSED.code);
        return new RequestState(request, seeker, part, approvals, in.failed() ? Status.DENIED : Status.values()[code - 1],
            in.u32(), in.u64(), in.u64(), in.text(MAX_REASON_BYTES));
    }
}
