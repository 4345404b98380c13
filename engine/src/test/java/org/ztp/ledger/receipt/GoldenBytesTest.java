package org.ztp.ledger.receipt;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.cluster.Restart;
import org.ztp.consensus.Group;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.GoldenBytes;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Root;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;
import org.ztp.wire.WireWriter;

/** What FORMAT.md says, as bytes that never change. Whoever must change them changes the format's version too. */
final class GoldenBytesTest {
    private final GoldenBytes golden = new GoldenBytes();

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
        golden.assertAreThoseOf("golden.txt");
    }

    @Test
    void whatStandsBesideTheLedgerIsWhatItWas() throws IOException {
        final SampleChain chain = new SampleChain();
        final byte[] record = new RecordTransaction("", "", Samples.utf8("hello")).encode();
        final byte[] told = Samples.utf8("\u0006longer than a detail may be, and not ASCII");
        final Batch batch = Samples.batch(IntStream.rangeClosed(1, 12).mapToObj(client ->
            Samples.bundle(client, 1, 0, record, told)).toArray(Bundle[]::new));
        final Block block = chain.append(batch);
        chain.append();
        final Certificate lock = chain.certificate(Phase.PREPARE, 1, 0, 1, 3);
        put("safety-record", new SafetyState(2, 1, 1, 0, false, 1, 1, block.hash(), lock, Optional.empty()).encode());
        final Group group = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3), 1, Root.genesis(Samples.CHAIN));
        final List<TimeoutVote> votes = IntStream.of(0, 2, 3).mapToObj(replica -> new TimeoutVote(replica, 1,
            lock.view(), lock.height(), chain.sign(replica, TimeoutVote.signedBytes(group, 1, lock.view(),
                lock.height())))).toList();
        put("safety-record-entered-by-time-outs", new SafetyState(3, 2, 1, 5, true, 1, 1, block.hash(), lock,
            Optional.of(new TimeoutCertificate(1, votes))).encode());
        put("safety-record-lost", SafetyState.lost(Samples.CHAIN).encode());
        final Root anew = Root.anew(1, block.hash(), 2);
        put("restart", new Restart(Samples.CHAIN, 0, anew, IntStream.of(0, 1, 2).mapToObj(replica ->
            new Certificate.Signature(replica, chain.sign(replica, Restart.signedBytes(Samples.CHAIN, 0, anew))))
            .toList()).encode());
        put("snapshot-head", SnapshotRecord.encode(new SnapshotHead(block.header(), Optional.empty(),
            chain.finality(2, 2))));
        final StateTree tree = chain.state(1).tree();
        put("snapshot-page", SnapshotRecord.encode(StatePath.ROOT, tree.page(StatePath.ROOT, 1 << 20).orElseThrow()));
        put("snapshot-page-with-a-part-left-out", SnapshotRecord.encode(StatePath.ROOT,
            tree.page(StatePath.ROOT, 1).orElseThrow()));
        golden.put("receipt-text", ReceiptText.format(new ReceiptBuilder(Samples.CHAIN).build(block, batch,
            new Position(0, 0, 1), chain.executed.get(0).outcomes(), chain.finality(1, 1))).replace("\n", "\\n"));
        golden.assertAreThoseOf("golden-beside.txt");
    }

    private void put(final String name, final byte[] bytes) {
        golden.put(name, bytes);
    }

    private void put(final String name, final Consumer<WireWriter> encoder) {
        golden.put(name, encoder);
    }
}
