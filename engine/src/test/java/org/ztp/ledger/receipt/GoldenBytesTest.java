package org.ztp.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.wire.WireWriter;

/** What FORMAT.md says, as bytes that never change. Whoever must change them changes the format's version too. */
final class GoldenBytesTest {
    private final Map<String, String> actual = new LinkedHashMap<>();

    @Test
    void theFormatIsWhatItWas() throws IOException {
        final SampleChain chain = new SampleChain();
        final byte[] record = new RecordTransaction("job-1", "text/plain", Samples.utf8("hello")).encode();
        final Bundle first = Samples.bundle(1, 1, 0, record, Samples.utf8("\u0005kv"), record);
        final Bundle again = Samples.bundle(1, 1, 0, record);
        final Bundle ahead = Samples.bundle(1, 2, 9, record);
        final Batch batch = Samples.batch(first, again, ahead);
        final Block block = chain.append(batch, Samples.batch(Samples.bundle(2, 1, 0, record)));
        chain.append();
        final List<Outcome> outcomes = chain.executed.get(0).outcomes();
        put("record", record);
        put("bundle", Arrays.copyOfRange(first.array(), first.offset(), first.offset() + first.length()));
        put("bundle-id", first.id().toBytes());
        put("batch", out -> batch.encode(out));
        put("block", out -> block.encode(out));
        final Epoch epoch = SampleEpochs.epoch(3, 0, 4);
        final BlockHeader header = block.header();
        put("epoch", out -> epoch.encode(out));
        put("epoch-root", epoch.root().toBytes());
        put("block-with-epoch", out -> Block.of(new BlockHeader(0, 1, 1, 1, header.timeMillis(), header.chain(),
            header.parent(), header.transactionsRoot(), header.stateDigest(), epoch.number(), epoch.root(),
            header.batches(), header.transactions()), block.batches(), Optional.of(epoch)).encode(out));
        put("block-hash", block.hash().toBytes());
        put("certificate", out -> chain.certificate(Phase.COMMIT, 1, 0, 1, 3).encode(out));
        for (final Outcome outcome : outcomes) {
            put("outcome-" + outcome.code(), out -> outcome.encode(out));
        }
        chain.state(1).tree().forEach((key, value) -> put("state-" + HexFormat.of().formatHex(key), value));
        put("state-digest", chain.state(1).digest().toBytes());
        put("state-proof", out -> chain.state(1).tree().prove(OutcomeRoot.key(1)).orElseThrow().encode(out));
        final ReceiptBuilder builder = new ReceiptBuilder(Samples.CHAIN);
        put("receipt", builder.prove(
            builder.build(block, batch, new Position(0, 0, 1), outcomes, chain.finality(1, 1)),
            outcomes, chain.state(1).tree().prove(OutcomeRoot.key(1)).orElseThrow(), chain.finality(2, 2)).encode());
        final String lines = actual.entrySet().stream().map(line -> line.getKey() + " " + line.getValue() + "\n")
            .collect(Collectors.joining());
        assertEquals(golden(), lines);
    }

    private void put(final String name, final byte[] bytes) {
        actual.put(name, HexFormat.of().formatHex(bytes));
    }

    private void put(final String name, final Consumer<WireWriter> encoder) {
        final WireWriter out = new WireWriter();
        encoder.accept(out);
        put(name, out.toBytes());
    }

    private static String golden() throws IOException {
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/org/ztp/ledger/golden.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
