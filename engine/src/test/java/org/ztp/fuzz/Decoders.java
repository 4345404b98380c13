package org.ztp.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.epoch.EpochCodec;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptText;
import org.ztp.privacy.ShareOpening;
import org.ztp.release.ReleaseCodec;
import org.ztp.transport.ParcelCodec;
import org.ztp.wire.WireWriter;

/** Decoders of what comes from a peer, a client, a disk or a user's file; the first byte chooses one of them. */
final class Decoders {
    private static final List<Consumer<byte[]>> DECODERS = List.of(
        Decoders::message, Decoders::safetyState,
        bytes -> Batch.parse(bytes, bytes.length), bytes -> Bundle.parse(bytes, 0, bytes.length),
        bytes -> EpochCodec.decode(bytes, 0, bytes.length), bytes -> ReleaseCodec.decode(bytes, 0, bytes.length),
        bytes -> ParcelCodec.decode(bytes, 0, bytes.length), ReplyCodec::decode, RequestCodec::decode,
        Receipt::decode, ShareOpening::decode, RequestState::parse,
        bytes -> RecordTransaction.parse(bytes, 0, bytes.length), bytes -> Publish.parse(bytes, 0, bytes.length),
        bytes -> Grant.parse(bytes, 0, bytes.length), bytes -> Revoke.parse(bytes, 0, bytes.length),
        bytes -> Approve.parse(bytes, 0, bytes.length), bytes -> Request.parse(bytes, 0, bytes.length),
        bytes -> Evidence.parse(bytes, 0, bytes.length), bytes -> TakeOver.parse(bytes, 0, bytes.length),
        bytes -> ReceiptText.parse(new String(bytes, StandardCharsets.UTF_8)),
        bytes -> TransactionId.parse(new String(bytes, StandardCharsets.UTF_8)));

    /** What is a message has no other encoding. */
    private static void message(final byte[] bytes) {
        MessageCodec.decode(bytes, 0, bytes.length).ifPresent(message -> {
            final WireWriter out = new WireWriter();
            MessageCodec.encode(message, out);
            assertArrayEquals(bytes, out.toBytes());
        });
    }

    private static void safetyState(final byte[] bytes) {
        SafetyState.decode(bytes).ifPresent(state -> assertArrayEquals(bytes, state.encode()));
    }

    private Decoders() {
    }

    /** Nothing may be thrown, whatever the bytes. */
    static void decode(final byte[] bytes) {
        if (bytes.length > 0) {
            DECODERS.get(Math.floorMod(bytes[0], DECODERS.size())).accept(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }
}
