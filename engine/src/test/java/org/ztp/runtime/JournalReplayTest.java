package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.ThreadHashing;
import org.ztp.contract.rules.ContractRules;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** What is left of a journal for a replica that starts. */
final class JournalReplayTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});

    @TempDir
    private Path directory;
    private final BundleBuilder client = new BundleBuilder(CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
        message -> new byte[64]);
    private final BatchHashing hashing = new ThreadHashing(CHAIN);
    private Journal journal;

    private Bundle bundle(final long sequence) {
        final byte[] record = new RecordTransaction("", "", new byte[] {(byte) sequence}).encode();
        client.add(record, 0, record.length);
        return client.seal(sequence);
    }

    private BatchRef batch(final Bundle... bundles) {
        final BatchBuilder builder = new BatchBuilder(1 << 20);
        List.of(bundles).forEach(builder::add);
        final Batch batch = builder.build();
        final BatchRef ref = hashing.identify(batch).orElseThrow();
        final WireWriter out = new WireWriter();
        ref.encode(out);
        batch.encode(out);
        append(LedgerRecord.BATCH, out.toBytes());
        return ref;
    }

    private void append(final int kind, final byte[] payload) {
        journal.append(kind, new UnsafeBuffer(payload), 0, payload.length);
    }

    private Block block(final long height, final Hash parent, final Hash digest, final BatchRef... refs) {
        final Block block = Block.of(new BlockHeader(0, 0, height, 1, 1, CHAIN, parent, BlockRoot.of(List.of(refs)), digest,
            0, Hash.ZERO, refs.length, List.of(refs).stream().mapToInt(BatchRef::transactions).sum()), List.of(refs));
        append(LedgerRecord.BLOCK, LedgerRecord.encode(block));
        return block;
    }

    private void open() {
        journal = Journal.open(new FileDisk(directory), JournalOptions.of(CHAIN.toBytes(), Durability.MEMORY),
            Journal.START, (position, type, buffer, offset, length) -> { });
    }

    /** Replays the journal from the state of a genesis. */
    private JournalReplay replay() {
        return replay(Journal.START);
    }

    private JournalReplay replay(final long from) {
        return new JournalReplay(new JournalReplay.Head(0, CHAIN, 0, 0, Optional.empty(), BlockState.GENESIS),
            false, new Executor(new ContractRules(CHAIN, 4, (evidence, asked, root, entries) -> Optional.of("none"))), hashing,
            (said, at) -> { }, root -> Optional.empty(), (snapshot, state, floor) -> { }).run(journal.scan(from));
    }

    @Test
    void whatIsNoRecordIsNotTheEnd() {
        open();
        block(1, CHAIN, Hash.ZERO, batch(bundle(0)));
        journal.commit(Durability.MEMORY);
        replay(journal.tailPosition());
        final long inside = journal.tailPosition() - Long.BYTES * 4;
        final StorageException wrong = assertThrows(StorageException.class, () -> replay(inside));
        assertEquals(StorageException.Kind.CORRUPT, wrong.kind(), wrong.getMessage());
        journal.abandon();
    }

    @Test
    void aStateOfTheIndexThatIsNotTheOneOfTheNextCertifiedHeaderIsCorrupt() {
        open();
        final Block one = block(1, CHAIN, Hash.sha256(new byte[] {7}), batch(bundle(0)));
        append(LedgerRecord.CERTIFICATE, LedgerRecord.encode(new Certificate(Phase.COMMIT, 1, 1, one.hash(), List.of())));
        journal.commit(Durability.MEMORY);
        final StorageException wrong = assertThrows(StorageException.class, this::replay);
        assertEquals(StorageException.Kind.CORRUPT, wrong.kind(), wrong.getMessage());
        journal.abandon();
    }

    @Test
    void aBatchWhoseBundlesAllCountedIsForgottenUnlessAnOpenBlockNamesIt() {
        open();
        final Bundle first = bundle(0);
        final Bundle second = bundle(1);
        final Bundle third = bundle(2);
        final Block one = block(1, CHAIN, BlockState.GENESIS.digest(), batch(first), batch(second));
        append(LedgerRecord.CERTIFICATE, LedgerRecord.encode(new Certificate(Phase.COMMIT, 1, 1, one.hash(), List.of())));
        batch(first, second);
        final BatchRef named = batch(second, first);
        final BatchRef fresh = batch(first, third);
        block(2, one.hash(), Hash.ZERO, named);
        journal.commit(Durability.MEMORY);
        final JournalReplay replay = replay();
        final List<BatchRef> left = new ArrayList<>();
        replay.recovered().batches().forEach(batch -> left.add(batch.ref()));
        assertEquals(List.of(named, fresh), left);
        assertEquals(Set.of(named.root(), fresh.root()), replay.openBatches().keySet());
        assertEquals(List.of(2L), replay.recovered().undecided().stream().map(Block::height).toList());
        journal.abandon();
    }
}
