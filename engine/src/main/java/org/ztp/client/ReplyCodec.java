package org.ztp.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ztp.client.ServiceReply.Busy;
import org.ztp.client.ServiceReply.Done;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.client.ServiceReply.LogPage;
import org.ztp.client.ServiceReply.Receipt;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Released;
import org.ztp.client.ServiceReply.ReleasedSingly;
import org.ztp.client.ServiceReply.SingleShare;
import org.ztp.client.ServiceReply.RequestStanding;
import org.ztp.client.ServiceReply.StatusText;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Replies as bytes: one byte for the kind, then the fields in their order. Each reply has exactly one encoding. */
public final class ReplyCodec {
    private static final int SUBMITTED = 1;
    private static final int STATUS = 2;
    private static final int REQUEST = 3;
    private static final int RELEASED = 4;
    private static final int RECEIPT = 5;
    private static final int LOG = 6;
    private static final int DONE = 7;
    private static final int REFUSED = 8;
    private static final int BUSY = 9;
    private static final int RELEASED_SINGLY = 10;
    private static final int MAX_TEXT = 65_535;

    private ReplyCodec() {
    }

    /** The bytes of a reply. Texts of more than 65,535 bytes are the caller's mistake. */
    public static byte[] encode(final ServiceReply reply) {
        final WireWriter out = new WireWriter();
        if (reply instanceof Submitted submitted) {
            out.u8(SUBMITTED).u8(submitted.status().ordinal()).hash(submitted.bundle()).u64(submitted.height())
                .u32(submitted.outcomes().size());
            submitted.outcomes().forEach(one -> out.u32(one.index()).u8(one.code()).text(one.detail()));
        } else if (reply instanceof StatusText status) {
            out.u8(STATUS).bytes32(status.json().getBytes(StandardCharsets.UTF_8));
        } else if (reply instanceof RequestStanding request) {
            out.u8(REQUEST).bytes32(request.state());
        } else if (reply instanceof Released released) {
            out.u8(RELEASED).bytes32(released.vector()).u32(released.attempt())
                .u32(released.contractVersion());
            Replicas.encode(out, released.participants());
        } else if (reply instanceof ReleasedSingly singly) {
            singly.part().encode(out.u8(RELEASED_SINGLY));
            out.u32(singly.contractVersion()).u32(singly.shares().size());
            singly.shares().forEach(share -> out.u16(share.replica()).bytes32(share.sealed()));
        } else if (reply instanceof Receipt receipt) {
            out.u8(RECEIPT).bytes32(receipt.receipt());
        } else if (reply instanceof LogPage page) {
            out.u8(LOG).flag(page.next().isPresent());
            page.next().ifPresent(next -> next.encode(out));
            Replicas.encode(out, page.missing());
            out.u32(page.entries().size());
            page.entries().forEach(entry -> logEntry(out, entry));
        } else if (reply instanceof Done) {
            out.u8(DONE);
        } else if (reply instanceof Refused refused) {
            out.u8(REFUSED).u8(refused.reason().ordinal()).text(refused.message()).text(refused.hint());
        } else if (reply instanceof Busy busy) {
            out.u8(BUSY).u32(busy.retryMillis());
        }
        return out.toBytes();
    }

    /**
     * The bytes of a reply, or of a refusal if it is longer than a message may be or cannot be encoded: whoever asked is told
     * so, and nobody else notices.
     *
     * @param maxBytes longest message, at least 1 KiB
     */
    public static byte[] encode(final ServiceReply reply, final int maxBytes) {
        String problem;
        try {
            final byte[] bytes = encode(reply);
            if (bytes.length <= maxBytes) {
                return bytes;
            }
            problem = "limit=" + maxBytes + " bytes actual=" + bytes.length;
        } catch (final IllegalArgumentException | IndexOutOfBoundsException tooLong) {
            problem = tooLong.getMessage();
        }
        return encode(new Refused(Refused.Reason.FAILED, "the answer cannot be sent: " + problem, "ask for less at once"));
    }

    /** The reply that the bytes are; empty if they are none. */
    public static Optional<ServiceReply> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        final ServiceReply reply = switch (in.u8()) {
            case SUBMITTED -> new Submitted(WireEnum.decode(in, Submitted.Status.values()), in.hash(), in.u64(),
                list(in, each -> new TransactionOutcome(each.u32(), each.u8(), each.text(MAX_TEXT))));
            case STATUS -> new StatusText(utf8(in));
            case REQUEST -> new RequestStanding(blob(in));
            case RELEASED -> released(in);
            case RELEASED_SINGLY -> singly(in);
            case RECEIPT -> new Receipt(blob(in));
            case LOG -> logPage(in);
            case DONE -> new Done();
            case REFUSED -> new Refused(WireEnum.decode(in, Refused.Reason.values()), in.text(MAX_TEXT),
                in.text(MAX_TEXT));
            case BUSY -> new Busy(in.u32());
            default -> {
                in.fail();
                yield new Done();
            }
        };
        return in.finished() ? Optional.of(reply) : Optional.empty();
    }

    private static void logEntry(final WireWriter out, final LogEntry entry) {
        out.u16(entry.subCluster()).u64(entry.height()).u64(entry.timeMillis());
        entry.name().encode(out);
        out.hash(entry.client()).text(entry.kind()).text(entry.subject()).text(entry.text()).u8(entry.outcome()).text(entry.detail());
    }

    private static LogPage logPage(final WireReader in) {
        final Optional<LogPlace> next = in.flag() ? Optional.of(LogPlace.decode(in)) : Optional.empty();
        final List<Integer> missing = Replicas.decode(in);
        return new LogPage(list(in, each -> new LogEntry(each.u16(), each.u64(), each.u64(),
            TransactionId.decode(each), each.hash(), each.text(MAX_TEXT), each.text(MAX_TEXT),
            each.text(MAX_TEXT), each.u8(), each.text(MAX_TEXT))), next, missing);
    }

    private static Released released(final WireReader in) {
        final byte[] vector = blob(in);
        final int attempt = in.u32();
        final int version = in.u32();
        return new Released(vector, Replicas.decode(in), attempt, version);
    }

    private static ReleasedSingly singly(final WireReader in) {
        final ChunkRange part = ChunkRange.decode(in);
        final int version = in.u32();
        return new ReleasedSingly(part, list(in, each -> new SingleShare(each.u16(), blob(each))), version);
    }

    /** Elements of at least one byte each, so a count that is a lie ends with the bytes. */
    private static <T> List<T> list(final WireReader in, final Function<WireReader, T> element) {
        final int count = in.count(in.remaining());
        final List<T> list = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            list.add(element.apply(in));
        }
        return list;
    }

    private static byte[] blob(final WireReader in) {
        return in.bytes32(in.remaining());
    }

    private static String utf8(final WireReader in) {
        final byte[] bytes = blob(in);
        final String text = new String(bytes, StandardCharsets.UTF_8);
        in.require(Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes));
        return text;
    }
}
