package org.ztp.release;

import java.util.Optional;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.Partial;
import org.ztp.accumulate.XorVector;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.Declined;
import org.ztp.release.ReleaseMessage.PartialHere;
import org.ztp.release.ReleaseMessage.Singly;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Messages as bytes. Any bytes may be decoded; each message has one encoding.
 *
 * <pre>
 *   u8 1 | request 36 | run u64 | round u16 | terms 32 | vector bytes u32 | time limit, ns, u64 | plan
 *   u8 2 | vector bytes u32 | partial
 *   u8 3 | id 32 | attempt u32 | reason u8
 *   u8 4 | request 36 | run u64 | terms 32 | chunks u32, u32 | time limit, ns, u64
 *   u8 5 | id 32 | sealed, u32 size and bytes
 * </pre>
 */
public final class ReleaseCodec {
    private ReleaseCodec() {
    }

    /** Appends a message. */
    public static void encode(final ReleaseMessage message, final WireWriter out) {
        if (message instanceof Call call) {
            out.u8(1);
            call.request().encode(out);
            out.u64(call.run()).u16(call.round()).hash(call.terms()).u32(call.vectorBytes()).u64(call.timeoutNs());
            call.plan().encode(out);
        } else if (message instanceof PartialHere here) {
            final int length = here.partial().value().length;
            out.u8(2).u32(length);
            here.partial().encode(new XorVector(length), out);
        } else if (message instanceof Declined declined) {
            out.u8(3).hash(declined.id()).u32(declined.attempt()).u8(declined.reason().code());
        } else if (message instanceof SinglyCall call) {
            out.u8(4);
            call.request().encode(out);
            out.u64(call.run()).hash(call.terms());
            call.part().encode(out);
            out.u64(call.timeoutNs());
        } else if (message instanceof Singly singly) {
            out.u8(5).hash(singly.id()).bytes32(singly.sealed());
        }
    }

    /** Reads one message; empty if the bytes are none. */
    public static Optional<ReleaseMessage> decode(final byte[] bytes, final int offset, final int length) {
        final WireReader in = new WireReader(bytes, offset, length);
        final Optional<ReleaseMessage> message = switch (in.u8()) {
            case 1 -> call(in);
            case 2 -> partial(in);
            case 3 -> declined(in);
            case 4 -> Optional.of(new SinglyCall(TransactionId.decode(in), in.u64(), in.hash(), part(in), in.u64()));
            case 5 -> Optional.of(new Singly(in.hash(), in.bytes32(ReleaseLimits.MAX_SEALED_BYTES)));
            default -> Optional.empty();
        };
        return in.finished() ? message : Optional.empty();
    }

    private static Optional<ReleaseMessage> call(final WireReader in) {
        final TransactionId request = TransactionId.decode(in);
        final long run = in.u64();
        final int round = in.u16();
        in.require(round <= Call.MAX_ROUND);
        final Hash terms = in.hash();
        final int vectorBytes = vectorBytes(in);
        final long timeoutNs = in.u64();
        return AccumulationPlan.decode(in)
            .filter(plan -> plan.attempt() <= Call.MAX_ATTEMPT)
            .map(plan -> new Call(request, run, round, terms, vectorBytes, timeoutNs, plan));
    }

    private static Optional<ReleaseMessage> partial(final WireReader in) {
        final int vectorBytes = vectorBytes(in);
        return in.failed() ? Optional.empty()
            : Partial.decode(new XorVector(vectorBytes), in).map(PartialHere::new);
    }

    private static Optional<ReleaseMessage> declined(final WireReader in) {
        final Hash id = in.hash();
        final int attempt = in.u32();
        return Standing.Reason.of(in.u8()).map(reason -> new Declined(id, attempt, reason));
    }

    private static int vectorBytes(final WireReader in) {
        final int bytes = in.count(ReleaseLimits.MAX_VECTOR_BYTES);
        in.require(bytes >= ReleaseLimits.MIN_VECTOR_BYTES && bytes % Hash.BYTES == 0);
        return bytes;
    }

    private static ChunkRange part(final WireReader in) {
        final ChunkRange part = ChunkRange.decode(in);
        in.require(!in.failed() && part.count() <= ReleaseLimits.MAX_SINGLE_CHUNKS);
        return part;
    }
}
