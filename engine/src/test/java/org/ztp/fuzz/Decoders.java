package org.ztp.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisText;
import org.ztp.cluster.Restart;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationException;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.contract.PolicyException;
import org.ztp.contract.PolicyFile;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.Passphrase;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SshPublicKey;
import org.ztp.epoch.EpochCodec;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptText;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.PartialState;
import org.ztp.ledger.state.StatePath;
import org.ztp.privacy.ShareOpening;
import org.ztp.release.ReleaseCodec;
import org.ztp.transport.ParcelCodec;
import org.ztp.wire.Hash;
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
        bytes -> TransactionId.parse(new String(bytes, StandardCharsets.UTF_8)),
        bytes -> LedgerRecord.decode(LedgerRecord.BATCH, bytes), bytes -> LedgerRecord.decode(LedgerRecord.BLOCK, bytes),
        bytes -> LedgerRecord.decode(LedgerRecord.CERTIFICATE, bytes), Restart::decode,
        refusing(bytes -> GenesisText.parse(new String(bytes, StandardCharsets.UTF_8))),
        refusing(bytes -> Configuration.parse(new String(bytes, StandardCharsets.UTF_8), Map.of())),
        refusing(bytes -> SshPublicKey.parse(new String(bytes, StandardCharsets.UTF_8))),
        refusing(bytes -> SshPrivateKey.parse(bytes, Passphrase.none())), refusing(Decoders::policy),
        bytes -> SnapshotRecord.decode(SnapshotRecord.HEAD, bytes), Decoders::page,
        bytes -> new PartialState(Hash.sha256(bytes)).add(StatePath.ROOT, bytes));

    /** Files of policies have names of their own files, so they are read as such. */
    private static final Path POLICY = temporary();

    private static Path temporary() {
        try {
            final Path file = Files.createTempFile("policy", ".conf");
            file.toFile().deleteOnExit();
            return file;
        } catch (final IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void policy(final byte[] bytes) throws IOException, PolicyException {
        PolicyFile.read(Files.write(POLICY, bytes), 100, 1);
    }

    /** A parser of a user's file, which may refuse it in words. */
    private interface Parser {
        void parse(byte[] bytes) throws Exception;
    }

    private static Consumer<byte[]> refusing(final Parser parser) {
        return bytes -> {
            try {
                parser.parse(bytes);
            } catch (final GenesisException | ConfigurationException | KeyFormatException | PolicyException refused) {
                assertFalse(refused.getMessage().isEmpty());
            } catch (final RuntimeException bug) {
                throw bug;
            } catch (final Exception bug) {
                throw new AssertionError(bug);
            }
        };
    }

    /** What is a message has no other encoding. */
    private static void message(final byte[] bytes) {
        MessageCodec.decode(bytes, 0, bytes.length).ifPresent(message -> {
            final WireWriter out = new WireWriter();
            MessageCodec.encode(message, out);
            assertArrayEquals(bytes, out.toBytes());
        });
        assertEquals(MessageCodec.decode(bytes, 0, bytes.length).isPresent(),
            MessageCodec.decode(bytes, 0, bytes.length, true).isPresent());
    }

    /** What is a page of a state has no other encoding. */
    private static void page(final byte[] bytes) {
        SnapshotRecord.decode(SnapshotRecord.PAGE, bytes).map(SnapshotRecord.Page.class::cast).ifPresent(page ->
            assertArrayEquals(bytes, SnapshotRecord.encode(page.at(), page.bytes())));
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
