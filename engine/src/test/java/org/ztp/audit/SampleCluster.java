package org.ztp.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.Restart;
import org.ztp.cluster.RestartFiles;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Samples;
import org.ztp.crypto.Passphrase;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Root;
import org.ztp.ledger.state.Executor;
import org.ztp.privacy.SharingRules;
import org.ztp.runtime.NewReplicas;
import org.ztp.storage.Durability;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.ChunkWriter;
import org.ztp.storage.archive.Link;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** A small cluster of four replicas on a real disk: a chain in view 1, signed by the replicas' own keys. */
final class SampleCluster {
    static final VerificationOptions OPTIONS = new VerificationOptions(2);
    static final int LEADER = 1;
    static final long TIME = 1_767_225_600_000L;

    /** One record of a journal. */
    record Entry(int kind, byte[] payload) { }

    final ClusterDirectory directory;
    final Genesis genesis;
    final Hash chain;
    final SigningKey[] keys = new SigningKey[4];
    final SigningKey client = SigningKey.ofSeed(Parties.key("client").toBytes());
    final List<Block> blocks = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    private final Executor executor;
    LedgerState state;
    private long sequence;

    SampleCluster(final Path root) throws Exception {
        directory = new ClusterDirectory(root);
        genesis = new ClusterCreation(new SeededRandomness(7), TIME).create(root, 4, 4, Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        chain = genesis.chain();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = SshKeyFiles.read(directory.nodeKey(i), Passphrase.none()).key();
        }
        executor = new Executor(SharingRules.of(genesis, genesis.subClusters().get(0)));
        state = executor.genesis();
    }

    /**
     * Three blocks (the second one publishes a dataset of two chunks), the same in all journals, and safety records.
     */
    static SampleCluster full(final Path root) throws Exception {
        final SampleCluster cluster = new SampleCluster(root);
        cluster.append(cluster.batch(cluster.client, record("a"), record("b")));
        cluster.append(cluster.batch(cluster.client, cluster.publish("one", "two")),
            cluster.batch(cluster.client, record("c")));
        cluster.append(cluster.batch(cluster.client, record("d")));
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, cluster.entries);
            cluster.writeSafety(i, cluster.safety(2), cluster.safety(3));
        }
        return cluster;
    }

    static byte[] record(final String text) {
        return new WireWriter().u8(1).text("entity").text("").raw(text.getBytes(StandardCharsets.UTF_8)).toBytes();
    }

    /** A dataset of two chunks, whose blobs are stored. */
    byte[] publish(final String... chunks) {
        final BlobStore store = new BlobStore(new FileDisk(directory.blobs()), "test");
        final WireWriter blobs = new WireWriter();
        for (final String chunk : chunks) {
            blobs.raw(store.put(ByteBuffer.wrap(chunk.getBytes(StandardCharsets.UTF_8)), Durability.OS).hash());
        }
        final Contract contract = new Contract(1, List.of(
            new Clause(ChunkRange.all(chunks.length), Parties.of("bob"), Rules.NONE)));
        return new Publish(Parties.key("nonce"), Dataset.of("data", 4096L * (chunks.length - 1) + 1, 4096),
            new byte[80], blobs.toBytes(), new byte[chunks.length * 32], Samples.boxes(4, 4), contract,
            Samples.parts(contract)).encode();
    }

    /** A batch of one bundle, which this client signed. */
    Batch batch(final SigningKey signer, final byte[]... transactions) {
        final BundleBuilder bundle =
            new BundleBuilder(chain, Hash.of(client.verifyKey().bytes()), new byte[16], signer::sign);
        for (final byte[] one : transactions) {
            bundle.add(one, 0, one.length);
        }
        final BatchBuilder batch = new BatchBuilder(1 << 20);
        batch.add(bundle.seal(sequence++));
        return batch.build();
    }

    /** Appends a block of these batches with its records: batches, block, certificate. */
    Block append(final Batch... batches) {
        return append(header(List.of(batches)), batches);
    }

    Block append(final BlockHeader header, final Batch... batches) {
        final Block block = Block.of(header, refs(List.of(batches)));
        state = executor.execute(state, block, List.of(batches)).after();
        blocks.add(block);
        for (final Batch batch : batches) {
            entries.add(entry(batch));
        }
        entries.add(entry(block));
        entries.add(entry(certificate(Phase.COMMIT, block, 0, 1, 2)));
        return block;
    }

    /** The header of the next block. */
    BlockHeader header(final List<Batch> batches) {
        final List<BatchRef> refs = refs(batches);
        return new BlockHeader(0, LEADER, blocks.size() + 1L, 1, TIME + blocks.size(), chain,
            blocks.isEmpty() ? chain : blocks.get(blocks.size() - 1).hash(), BlockRoot.of(refs), state.digest(), 0,
            Hash.ZERO, refs.size(), refs.stream().mapToInt(BatchRef::transactions).sum());
    }

    List<BatchRef> refs(final List<Batch> batches) {
        return batches.stream().map(batch -> BatchRoot.of(new BundleHasher(chain), batch)).toList();
    }

    Entry entry(final Batch batch) {
        final WireWriter out = new WireWriter();
        refs(List.of(batch)).get(0).encode(out);
        batch.encode(out);
        return new Entry(LedgerRecord.BATCH, out.toBytes());
    }

    static Entry entry(final Block block) {
        return new Entry(LedgerRecord.BLOCK, LedgerRecord.encode(block));
    }

    static Entry entry(final Certificate certificate) {
        return new Entry(LedgerRecord.CERTIFICATE, LedgerRecord.encode(certificate));
    }

    Certificate certificate(final Phase phase, final Block block, final int... replicas) {
        final byte[] message = Certificate.votedBytes(chain, 0, phase, block.header().view(), block.height(),
            block.hash());
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (final int replica : replicas) {
            votes.add(new Certificate.Signature(replica, keys[replica].sign(message)));
        }
        return new Certificate(phase, block.header().view(), block.height(), block.hash(), votes);
    }

    /** What a replica remembers that has voted for the block at a height and is locked on it. */
    SafetyState safety(final int height) {
        final Block block = blocks.get(height - 1);
        return new SafetyState(1, 1, 0, 0, false, 1, height, block.hash(), certificate(Phase.PREPARE, block, 0, 1, 2),
            Optional.empty());
    }

    /** Writes a journal anew; its segments are of 64 KiB. */
    void writeJournal(final int replica, final List<Entry> content) throws IOException {
        writeJournal(replica, content, 64 << 10);
    }

    void writeJournal(final int replica, final List<Entry> content, final int segmentBytes) throws IOException {
        writeJournal(directory.journal(replica), content, segmentBytes);
    }

    void writeJournal(final Path place, final List<Entry> content, final int segmentBytes) throws IOException {
        DirectoryTree.delete(place);
        final JournalOptions options =
            new JournalOptions(chain.toBytes(), Durability.OS, segmentBytes, 64 << 20, 64 << 10, 0, false);
        try (Journal journal = Journal.open(new FileDisk(place), options, Journal.START,
            (at, type, buffer, offset, length) -> { })) {
            for (final Entry entry : content) {
                journal.append(entry.kind, new UnsafeBuffer(entry.payload), 0, entry.payload.length);
            }
            journal.commit(Durability.OS);
        }
    }

    /** Writes what journals hold to an archive, in chunks of one block. */
    void writeArchive(final Path archive) {
        writeArchive(archive, blocks.size());
    }

    /** The same of the first blocks alone. */
    void writeArchive(final Path archive, final int count) {
        final byte[] name = chain.toBytes();
        final Archive writer = new Archive(new FileDisk(archive.resolve(chain.toString()).resolve("0")), name,
            new Link(name), "test");
        final Iterator<Entry> rest = entries.iterator();
        for (final Block block : blocks.subList(0, count)) {
            final Archive.Head head = writer.head();
            try (ChunkWriter chunk = writer.newChunk(block.height(), head.link())) {
                int kind = 0;
                while (kind != LedgerRecord.CERTIFICATE && rest.hasNext()) {
                    final Entry entry = rest.next();
                    kind = entry.kind;
                    chunk.append(block.height(), kind, new UnsafeBuffer(entry.payload), 0, entry.payload.length);
                }
                chunk.finish(new Link(block.hash().toBytes()));
            }
        }
    }

    void writeSafety(final int replica, final SafetyState... states) throws IOException {
        DirectoryTree.delete(directory.safety(replica));
        try (SafetyStore store = SafetyStore.open(new FileDisk(directory.safety(replica)), "record")) {
            for (final SafetyState one : states) {
                final byte[] bytes = one.encode();
                store.store(new UnsafeBuffer(bytes), 0, bytes.length, Durability.DISK);
            }
        }
    }

    /** Lets a replica have ended a life on a node in order, and handed over what it recorded there: these records. */
    void handOver(final int replica, final List<Entry> content) throws IOException {
        final Path left = directory.replica(replica).resolve("handover");
        Files.createDirectories(left);
        Files.move(directory.safety(replica), left.resolve("safety"));
        DirectoryTree.delete(directory.journal(replica));
        writeJournal(left.resolve("journal"), content, 64 << 10);
        Files.writeString(left.resolve("life"), "0-1d\n");
        Files.writeString(directory.replica(replica).resolve("life"), "0-1d\n");
    }

    /** Lets voting have begun anew after a block. */
    void restart(final long height, final Hash block) throws IOException {
        final Root root = Root.anew(height, block, 1);
        final byte[] message = Restart.signedBytes(chain, 0, root);
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            votes.add(new Certificate.Signature(i, keys[i].sign(message)));
        }
        Files.createDirectories(directory.restarts());
        Files.write(new RestartFiles(directory).file(GenesisVoters.of(genesis).get(0), 1),
            new Restart(chain, 0, root, votes).encode());
    }

    Path safetyFile(final int replica) {
        return directory.safety(replica).resolve("record");
    }

    /** The only segment of a replica's journal. */
    Path segment(final int replica) {
        return directory.journal(replica).resolve("0000000000000000.seg");
    }

    VerificationReport verify() {
        return Verification.run(directory, OPTIONS, Progress.NONE);
    }

    /** With an archive. */
    VerificationReport verify(final Path archive) {
        return Verification.run(directory, new VerificationOptions(2, Optional.empty(), Optional.of(archive)),
            Progress.NONE);
    }

    /** A hash over the names and bytes of all files. */
    Hash fingerprint() throws IOException {
        try (Stream<Path> all = Files.walk(directory.root())) {
            final WireWriter out = new WireWriter();
            all.sorted().filter(Files::isRegularFile).forEach(file -> {
                try {
                    out.text(file.toString()).bytes32(Files.readAllBytes(file));
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return Hash.sha256(Arrays.copyOf(out.array(), out.size()));
        }
    }
}
