package org.ztp.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.client.ServiceReply.SingleShare;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.receipt.Position;
import org.ztp.wire.Hash;

class CodecTest {
    private static final Hash HASH = Hash.sha256(new byte[] {1});
    private static final TransactionId NAME = new TransactionId(HASH, 65_535);
    private static final List<ServiceRequest> REQUESTS = List.of(
        new ServiceRequest.Submit(new byte[] {1, 2, 3}), new ServiceRequest.Status(),
        new ServiceRequest.RequestState(NAME),
        new ServiceRequest.Release(NAME, List.of(2, 3)),
        new ServiceRequest.ReleaseSingly(NAME, new ChunkRange(4, 9), List.of()),
        new ServiceRequest.ReceiptOf(NAME), new ServiceRequest.Log(Optional.of(HASH), "sample/ü",
            new LogPlace(12, 65_535, new Position(1, 2, 3)), 10_000),
        new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(0), 1),
        new ServiceRequest.Log(Optional.of(HASH), true, "", LogPlace.from(3), 7),
        new ServiceRequest.Fault(3, ServiceRequest.Fault.Harm.WRONG_SHARES));
    private static final List<ServiceReply> REPLIES = List.of(
        new ServiceReply.Submitted(ServiceReply.Submitted.Status.DUPLICATE, HASH, 77,
            List.of(new TransactionOutcome(0, 4, "rule"), new TransactionOutcome(9, 5, ""))),
        new ServiceReply.StatusText("{\"ü\":1}"),
        new ServiceReply.RequestStanding(new byte[] {1}),
        new ServiceReply.Released(new byte[64], List.of(0, 2), 1, 5),
        new ServiceReply.ReleasedSingly(new ChunkRange(1, 2), List.of(new SingleShare(3, new byte[7])), 5),
        new ServiceReply.Receipt(new byte[] {9}),
        new ServiceReply.LogPage(List.of(), Optional.empty(), List.of(0, 2)),
        new ServiceReply.LogPage(List.of(new LogEntry(3, 1, 2, NAME, HASH, "RECORD", "e", "t", 0, "d")),
            Optional.of(new LogPlace(2, 3, new Position(4, 5, 6)))),
        new ServiceReply.Done(), new ServiceReply.Busy(250),
        new ServiceReply.Refused(ServiceReply.Refused.Reason.DENIED, "no", "ask"));

    @Test
    void everyRequestIsReadBack() {
        for (final ServiceRequest request : REQUESTS) {
            assertEquals(Optional.of(request), RequestCodec.decode(RequestCodec.encode(request)));
        }
    }

    @Test
    void everyReplyIsReadBack() {
        for (final ServiceReply reply : REPLIES) {
            final byte[] bytes = ReplyCodec.encode(reply);
            final ServiceReply read = ReplyCodec.decode(bytes).orElseThrow();
            assertEquals(reply.getClass(), read.getClass());
            assertArrayEquals(bytes, ReplyCodec.encode(read));
        }
    }

    @Test
    void anAnswerThatCannotBeSentIsARefusal() {
        final ServiceReply fits = new ServiceReply.Receipt(new byte[1024 - 5]);
        assertArrayEquals(ReplyCodec.encode(fits), ReplyCodec.encode(fits, 1024));
        for (final ServiceReply one : List.of(new ServiceReply.Receipt(new byte[1024 - 4]),
                new ServiceReply.Refused(ServiceReply.Refused.Reason.DENIED, "a".repeat(65_536), ""),
                new ServiceReply.Busy(-1))) {
            final ServiceReply told = ReplyCodec.decode(ReplyCodec.encode(one, 1024)).orElseThrow();
            assertEquals(ServiceReply.Refused.Reason.FAILED, ((ServiceReply.Refused) told).reason());
        }
    }

    @Test
    void anyOtherBytesAreNoMessageOrItsOnlyEncoding() {
        final Random random = new Random(20_260_101);
        for (int round = 0; round < 20_000; round++) {
            final byte[] request = damaged(RequestCodec.encode(REQUESTS.get(round % REQUESTS.size())), random);
            RequestCodec.decode(request).ifPresent(read -> assertArrayEquals(request, RequestCodec.encode(read)));
            final byte[] reply = damaged(ReplyCodec.encode(REPLIES.get(round % REPLIES.size())), random);
            ReplyCodec.decode(reply).ifPresent(read -> assertArrayEquals(reply, ReplyCodec.encode(read)));
        }
    }

    private static byte[] damaged(final byte[] bytes, final Random random) {
        final byte[] damaged = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(3) - 1));
        for (int i = 0; i < 2 && damaged.length > 0; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
