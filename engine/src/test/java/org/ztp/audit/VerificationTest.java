package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.contract.Parties;
import org.ztp.contract.transaction.Publish;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.storage.disk.DirectoryLock;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.wire.Hash;

class VerificationTest {
    @TempDir
    Path parent;

    private SampleCluster cluster() throws Exception {
        return SampleCluster.full(parent.resolve("cluster"));
    }

    private static void assertFault(final VerificationReport report, final String file, final String reason) {
        assertFalse(report.consistent());
        assertTrue(report.faults().stream().anyMatch(one -> one.file().equals(file) && one.reason().contains(reason)),
            () -> "expected " + file + ": " + reason + "\nactual " + report.faults());
    }

    private static void assertNote(final VerificationReport report, final String file, final String reason) {
        assertTrue(report.notes().stream().anyMatch(one -> one.file().equals(file) && one.reason().contains(reason)),
            () -> "expected " + file + ": " + reason + "\nactual " + report.notes());
    }

    @Test
    void aWholeClusterIsConsistentAndNothingIsWritten() throws Exception {
        final SampleCluster cluster = cluster();
        final Hash before = cluster.fingerprint();
        final AtomicLong last = new AtomicLong();
        final VerificationReport report = Verification.run(cluster.directory, SampleCluster.OPTIONS,
            (stage, bytes, total) -> last.set(100 * bytes / total));
        assertEquals(List.of(), report.faults());
        assertEquals(List.of(), report.notes());
        assertEquals(before, cluster.fingerprint());
        assertEquals(100, last.get());
        assertEquals(cluster.chain, report.chain());
        assertEquals(List.of(new VerificationReport.SubClusterResult(0, 3, cluster.blocks.get(2).hash(),
            cluster.state.digest(), 5)), report.subClusters());
        assertEquals(4, report.replicas().size());
        assertEquals(new VerificationReport.ReplicaResult(3, 3, 10), report.replicas().get(3));
        assertEquals(12, report.counts().certificates());
        assertEquals(4 + 3 * 3 + 2 * 3, report.counts().signatures(), "each signature once");
        assertEquals(1, report.counts().datasets());
        assertEquals(2, report.counts().blobs());
    }

    @Test
    void whatIsAboveTheBlockAfterWhichVotingBeganAnewWasVotedForSince() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.restart(3, cluster.blocks.get(2).hash());
        assertEquals(List.of(), cluster.verify().faults());
        cluster.restart(2, cluster.blocks.get(1).hash());
        final VerificationReport report = cluster.verify();
        final String why = " of before voting began anew";
        assertFault(report, "replicas/1/journal/0000000000000000.seg", "certificate" + why + " above height 2");
        assertFault(report, "replicas/1/safety/record", "the lock's certificate is" + why);
        assertEquals(2, report.subClusters().get(0).height());
        cluster.restart(2, cluster.blocks.get(0).hash());
        assertFault(cluster.verify(), "replicas/1/journal/0000000000000000.seg", "not on the block after which");
    }

    @Test
    void aReportIsOneJsonDocument() throws Exception {
        final SampleCluster cluster = cluster();
        Files.writeString(cluster.directory.root().resolve("a \"strange\" name"), "");
        DirectoryTree.delete(cluster.directory.replica(3));
        Files.writeString(cluster.segment(0), "x", StandardOpenOption.APPEND);
        final Config json = ConfigFactory.parseString(cluster.verify().toJson());
        assertFalse(json.getBoolean("consistent"));
        assertEquals(1, json.getInt("findingCount"));
        assertEquals("replicas/0/journal/0000000000000000.seg",
            json.getConfigList("findings").get(0).getString("file"));
        assertEquals("a \"strange\" name", json.getConfigList("notes").get(0).getString("file"));
        assertEquals(3, json.getConfigList("subClusters").get(0).getLong("height"));
        assertEquals(3, json.getConfigList("replicas").size());
    }

    @Test
    void aClusterThatNeverStartedIsConsistent() throws Exception {
        final SampleCluster cluster = new SampleCluster(parent.resolve("cluster"));
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertNote(report, "replicas/2", "has not recorded anything");
        assertEquals(0, report.height());
    }

    @Test
    void manySegmentsAreOneJournal() throws Exception {
        final SampleCluster cluster = new SampleCluster(parent.resolve("cluster"));
        for (int i = 0; i < 40; i++) {
            cluster.append(cluster.batch(cluster.client, SampleCluster.record("record " + i)));
        }
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, cluster.entries, 4096);
            cluster.writeSafety(i, cluster.safety(40));
        }
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertEquals(40, report.height());
        Files.delete(Files.list(cluster.directory.journal(2)).sorted().skip(2).findFirst().orElseThrow());
        assertFalse(cluster.verify().consistent());
    }

    @Test
    void batchesThatAreNotInMemoryAnyMoreAreReadAgain() throws Exception {
        final SampleCluster cluster = new SampleCluster(parent.resolve("cluster"));
        final List<Batch> batches = new ArrayList<>();
        final List<SampleCluster.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            final byte[] large = new byte[9 << 20];
            large[0] = 1;
            batches.add(cluster.batch(cluster.client, large));
            entries.add(cluster.entry(batches.get(i)));
        }
        batches.forEach(cluster::append);
        entries.addAll(cluster.entries.stream().filter(entry -> entry.kind() != 1).toList());
        cluster.writeJournal(0, entries, 16 << 20);
        cluster.writeSafety(0, cluster.safety(5));
        for (int i = 1; i < 4; i++) {
            DirectoryTree.delete(cluster.directory.replica(i));
        }
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertEquals(5, report.height());
        assertNote(report, "replicas/3", "not here");
    }

    @Test
    void aReplicaThatIsBehindIsANote() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.writeJournal(3, cluster.entries.subList(0, 3));
        cluster.writeSafety(3, cluster.safety(1));
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertNote(report, "replicas/3/journal", "replica 3 is 2 blocks behind: height=1 of 3");
    }

    @Test
    void whatAnEarlierLifeSignedIsNotMissedInTheNextOneButWhatThisOneSignedIs() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.writeJournal(2, cluster.entries.subList(0, 3));
        cluster.writeSafety(2, muted(cluster.safety(1), 2)); // all votes are of view 1
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertNote(report, "replicas/2/journal", "replica 2 is 2 blocks behind: height=1 of 3");
        assertNote(report, "replicas/2/safety/record", "replaced one that was lost");
        cluster.writeSafety(2, muted(cluster.safety(1), 1));
        assertFault(cluster.verify(), "replicas/2/journal", "for which replica 2 has voted: the end of the journal is lost");
    }

    private static SafetyState muted(final SafetyState state, final long below) {
        return new SafetyState(state.lives(), state.view(), state.timedOut(), below, false, state.preparedView(),
            state.preparedHeight(), state.preparedBlock(), state.high(), state.entry());
    }

    @Test
    void aReplicaIsNotBehindWhatItHasSigned() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.writeJournal(2, cluster.entries.subList(0, 3));
        cluster.writeSafety(2, cluster.safety(1));
        final VerificationReport report = cluster.verify();
        assertFault(report, "replicas/2/journal", "for which replica 2 has voted: the end of the journal is lost");
        assertFault(report, "replicas/2/safety/record", "older than what replica 2 has signed");
        DirectoryTree.delete(cluster.directory.journal(2));
        Files.delete(cluster.safetyFile(2));
        assertFault(cluster.verify(), "replicas/2/journal", "no journal, but replica 2 has voted");
    }

    @Test
    void theEndsOfAllJournalsCannotBeCutOff() throws Exception {
        final SampleCluster cluster = cluster();
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, cluster.entries.subList(0, 7));
        }
        final VerificationReport report = cluster.verify();
        assertFault(report, "replicas/0/safety/record", "no journal has a record of block "
            + cluster.blocks.get(2).hash());
        assertFault(report, "replicas/0/journal", "for which the safety record remembers a vote");
    }

    @Test
    void twoFinalBlocksAtOneHeightAreFound() throws Exception {
        final SampleCluster cluster = cluster();
        final Batch other = cluster.batch(cluster.client, SampleCluster.record("other"));
        final BlockHeader last = cluster.blocks.get(2).header();
        final BlockHeader header = new BlockHeader(0, SampleCluster.LEADER, 3, 1, last.timeMillis(), cluster.chain,
            last.parent(), BlockRoot.of(cluster.refs(List.of(other))), last.stateDigest(), 0, Hash.ZERO, 1, 1);
        final Block fork = Block.of(header, cluster.refs(List.of(other)));
        final List<SampleCluster.Entry> entries = new ArrayList<>(cluster.entries.subList(0, 7));
        entries.addAll(List.of(cluster.entry(other), SampleCluster.entry(fork),
            SampleCluster.entry(cluster.certificate(Phase.COMMIT, fork, 1, 2, 3))));
        cluster.writeJournal(3, entries);
        assertFault(cluster.verify(), "replicas/3/journal/0000000000000000.seg", "two different final blocks");
    }

    @Test
    void aQuorumCannotSignWhatTheRulesDoNotSay() throws Exception {
        refused("state digest", header -> with(header, Parties.key("lie"), header.timeMillis(), 1, 1));
        refused("time or view goes back", header -> with(header, header.stateDigest(), 1, 1, 1));
        refused("proposer: expected=1", header -> with(header, header.stateDigest(), header.timeMillis(), 2, 1));
        refused("height: expected=4 actual=5", header -> with(header, header.stateDigest(), header.timeMillis(), 1, 2));
    }

    private interface Lie {
        BlockHeader of(BlockHeader header);
    }

    private void refused(final String reason, final Lie lie) throws Exception {
        final SampleCluster cluster = cluster();
        final Batch batch = cluster.batch(cluster.client, SampleCluster.record("e"));
        cluster.append(lie.of(cluster.header(List.of(batch))), batch);
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, cluster.entries);
            cluster.writeSafety(i, cluster.safety(4));
        }
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", reason);
        DirectoryTree.delete(cluster.directory.root());
    }

    private static BlockHeader with(final BlockHeader header, final Hash digest, final long time, final int proposer,
                                    final int rise) {
        return new BlockHeader(0, proposer, header.height() + rise - 1, header.view(), time, header.chain(),
            header.parent(), header.transactionsRoot(), digest, 0, Hash.ZERO, header.batches(), header.transactions());
    }

    @Test
    void aBundleThatItsClientDidNotSignIsFoundWhoeverElseSigned() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.append(cluster.batch(SigningKey.ofSeed(Parties.key("mallory").toBytes()), SampleCluster.record("e")));
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, cluster.entries);
            cluster.writeSafety(i, cluster.safety(4));
        }
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "is not signed by its client");
        assertEquals(4, cluster.verify().faultCount(), "in each journal");
    }

    @Test
    void aCertificateOfAForeignKeyIsFound() throws Exception {
        final SampleCluster cluster = cluster();
        cluster.keys[0] = SigningKey.ofSeed(Parties.key("mallory").toBytes());
        replace(cluster, 9, SampleCluster.entry(cluster.certificate(Phase.COMMIT, cluster.blocks.get(2), 0, 1, 2)));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "NOT_SIGNED replica=0");
        replace(cluster, 9, SampleCluster.entry(cluster.certificate(Phase.COMMIT, cluster.blocks.get(2), 1, 2)));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "TOO_FEW_VOTES");
        replace(cluster, 9, SampleCluster.entry(cluster.certificate(Phase.PREPARE, cluster.blocks.get(2), 1, 2, 3)));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "not of the commit phase");
        replace(cluster, 9, SampleCluster.entry(Certificate.genesis(cluster.chain)));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "not of the commit phase");
    }

    private static void replace(final SampleCluster cluster, final int index, final SampleCluster.Entry entry)
        throws Exception {
        final List<SampleCluster.Entry> entries = new ArrayList<>(cluster.entries);
        entries.set(index, entry);
        cluster.writeJournal(0, entries);
    }

    @Test
    void aRemovedCertificateIsCoveredByTheNextAndTheLastOneLeavesTheReplicaBehind() throws Exception {
        final SampleCluster cluster = cluster();
        final List<SampleCluster.Entry> entries = new ArrayList<>(cluster.entries);
        entries.remove(2);
        cluster.writeJournal(0, entries);
        assertEquals(List.of(), cluster.verify().faults());
        cluster.writeJournal(0, cluster.entries.subList(0, 9));
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertNote(report, "replicas/0/journal", "replica 0 is 1 blocks behind");
    }

    @Test
    void swappedAndMissingRecordsAreFound() throws Exception {
        final SampleCluster cluster = cluster();
        final List<SampleCluster.Entry> swapped = new ArrayList<>(cluster.entries);
        swapped.set(1, cluster.entries.get(5));
        swapped.set(5, cluster.entries.get(1));
        cluster.writeJournal(0, swapped);
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "stands before this certificate");
        for (int i = 0; i < 9; i++) {
            final List<SampleCluster.Entry> entries = new ArrayList<>(cluster.entries);
            final SampleCluster.Entry removed = entries.remove(i);
            cluster.writeJournal(0, entries);
            assertEquals(removed.kind() == 3, cluster.verify().consistent(), "record " + i);
        }
        cluster.writeJournal(0, List.of(new SampleCluster.Entry(9, new byte[3])));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "not a record of the ledger: kind=9");
    }

    @Test
    void aBatchThatNoJournalHasLeavesTheChainUnverifiedFromThere() throws Exception {
        final SampleCluster cluster = cluster();
        final List<SampleCluster.Entry> entries = new ArrayList<>(cluster.entries);
        entries.remove(3);
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, entries);
        }
        final VerificationReport report = cluster.verify();
        assertFault(report, "replicas/2/journal/0000000000000000.seg", "no record of batch");
        assertFault(report, "", "is final up to height 3, and no journal has all that is needed");
        assertEquals(1, report.height());
    }

    @Test
    void missingAlteredSwappedAndForeignBlobsAreFound() throws Exception {
        final SampleCluster cluster = cluster();
        final String one = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"; // SHA-256 of "one"
        final String two = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"; // and of "two"
        final Path first = cluster.directory.blobs().resolve("76").resolve(one.substring(2));
        final Path second = cluster.directory.blobs().resolve("3f").resolve(two.substring(2));
        Files.writeString(first, "two");
        Files.writeString(second, "one");
        final VerificationReport swapped = cluster.verify();
        assertEquals(4, swapped.faultCount());
        final Hash dataset = Publish.id(cluster.chain,
            Hash.of(cluster.client.verifyKey().bytes()), Parties.key("nonce"));
        assertTrue(swapped.faults().contains(new Finding(Finding.Level.FAULT, "blobs/76/" + one.substring(2), 0, 2,
            "dataset=" + dataset + " chunk=0", "the chunk's blob was altered")), swapped.faults().toString());
        Files.writeString(second, "two");
        Files.delete(first);
        assertFault(cluster.verify(), "blobs/76/" + one.substring(2), "the chunk's blob is missing");
        Files.writeString(first, "one");
        Files.writeString(cluster.directory.blobs().resolve("note.txt"), "");
        assertFault(cluster.verify(), "blobs/note.txt", "not a file of the blob store");
        Files.delete(cluster.directory.blobs().resolve("note.txt"));
        cluster.publish("three");
        final VerificationReport unnamed = cluster.verify();
        assertEquals(List.of(), unnamed.faults());
        assertNote(unnamed, "blobs", "1 blobs that no final transaction names");
    }

    @Test
    void keysAreTheirOwnersAndTheGenesis() throws Exception {
        final SampleCluster cluster = cluster();
        Files.setPosixFilePermissions(cluster.directory.nodeKey(1), PosixFilePermissions.fromString("rw-r--r--"));
        assertFault(cluster.verify(), "replicas/1/node.key", "open to others");
        Files.setPosixFilePermissions(cluster.directory.nodeKey(1), PosixFilePermissions.fromString("rw-------"));
        Files.write(cluster.directory.nodeKey(1), Files.readAllBytes(cluster.directory.nodeKey(0)));
        assertFault(cluster.verify(), "replicas/1/node.key", "is not the key of replica 1");
        Files.delete(cluster.directory.nodeKey(1));
        assertTrue(cluster.verify().consistent(), "who verifies needs no key");
    }

    @Test
    void anotherGenesisIsFound() throws Exception {
        final SampleCluster cluster = cluster();
        final String text = Files.readString(cluster.directory.genesisFile());
        Files.writeString(cluster.directory.genesisFile(), text.replace("2026-01-01", "2026-01-02"));
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "journal tag");
        Files.writeString(cluster.directory.genesisFile(), text.substring(0, text.length() / 2));
        assertFault(cluster.verify(), "genesis.conf", "no genesis, so nothing can be verified");
        Files.delete(cluster.directory.genesisFile());
        assertFault(cluster.verify(), "genesis.conf", "no genesis, so nothing can be verified");
        assertTrue(ConfigFactory.parseString(cluster.verify().toJson()).getConfigList("subClusters").isEmpty());
    }

    @Test
    void whileAServiceRunsWhatIsThereIsVerified() throws Exception {
        final SampleCluster cluster = cluster();
        Files.writeString(cluster.segment(0), "half of a rec", StandardOpenOption.APPEND);
        assertFault(cluster.verify(), "replicas/0/journal/0000000000000000.seg", "record");
        try (DirectoryLock lock = DirectoryLock.acquire(cluster.directory.root())) {
            final VerificationReport report = cluster.verify();
            assertTrue(report.running(), lock.toString());
            assertEquals(List.of(), report.faults());
            assertNote(report, "", "the service is running: verified up to height 3");
            final byte[] bytes = Files.readAllBytes(cluster.segment(0));
            bytes[200] ^= 1;
            Files.write(cluster.segment(0), bytes);
            assertFalse(cluster.verify().consistent(), "what is before the end must be whole");
        }
        assertFalse(cluster.verify().running());
    }

    /** Votes that came after the safety records were read are in the journals: this is how a live ledger looks. */
    private SampleCluster written() throws Exception {
        final SampleCluster cluster = cluster();
        for (int i = 0; i < 4; i++) {
            cluster.writeSafety(i, cluster.safety(2));
        }
        assertFault(cluster.verify(), "replicas/0/safety/record", "older than what replica 0 has signed");
        return cluster;
    }

    @Test
    void aServiceOnAnotherNodeRunsThoughNoLockTells() throws Exception {
        final SampleCluster cluster = written();
        final VerificationOptions options = new VerificationOptions(2, Optional.empty(), Optional.empty(),
            () -> Optional.of("used by job 7"));
        final VerificationReport report = Verification.run(cluster.directory, options, Progress.NONE);
        assertTrue(report.running());
        assertFalse(report.overtaken());
        assertEquals(List.of(), report.faults());
        assertNote(report, "claims", "used by job 7");
    }

    @Test
    void aServiceThatIsStartedMeanwhileIsTold() throws Exception {
        final SampleCluster cluster = written();
        assertFalse(cluster.verify().overtaken());
        final List<DirectoryLock> started = new ArrayList<>();
        final Progress starting = (stage, bytes, total) -> {
            if (started.isEmpty()) {
                started.add(DirectoryLock.acquire(cluster.directory.replica(2)));
            }
        };
        final VerificationReport report = Verification.run(cluster.directory, SampleCluster.OPTIONS, starting);
        started.get(0).close();
        assertTrue(report.overtaken());
        assertFalse(report.running());
        assertFalse(report.consistent());
        assertNote(report, "", "a service was started meanwhile");
        final AtomicLong made = new AtomicLong();
        assertTrue(Verification.run(cluster.directory, SampleCluster.OPTIONS, (stage, bytes, total) -> {
            if (made.getAndIncrement() == 0) {
                claimAndEnd(cluster);
            }
        }).overtaken(), "one that has ended again");
    }

    private static void claimAndEnd(final SampleCluster cluster) {
        try {
            assertTrue(cluster.directory.claims().make(1, "somebody"));
            cluster.directory.claims().end(1);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aRoleThatIsBeingTakenOverHasNothingYet() throws Exception {
        final SampleCluster cluster = cluster();
        final Path data = Files.createDirectories(cluster.directory.incarnations(2).freshData(1));
        Files.writeString(data.resolveSibling("1"), "incarnations/1.data\n");
        try (DirectoryLock lock = DirectoryLock.acquire(data)) {
            assertEquals(List.of(), cluster.verify().faults(), lock.toString());
            assertNote(cluster.verify(), "replicas/2/incarnations/1.data/safety/record", "is missing");
            Files.move(cluster.directory.root().resolve("replicas/2/safety"), data.resolve("safety"));
            assertEquals(List.of(), cluster.verify().faults());
            assertNote(cluster.verify(), "replicas/2/incarnations/1.data/journal", "a safety record, and no journal");
        }
        assertFault(cluster.verify(), "replicas/2/incarnations/1.data/journal", "a safety record, and no journal");
    }

    @Test
    void unknownFilesAreNotesAndGarbageIsNeverMoreThanAFault() throws Exception {
        final SampleCluster cluster = cluster();
        Files.writeString(cluster.directory.root().resolve("notes.txt"), "");
        Files.createDirectory(cluster.directory.root().resolve("replicas").resolve("17"));
        Files.writeString(cluster.directory.safety(0).resolve("record.lost-1"), "");
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertNote(report, "notes.txt", "no part of the ledger");
        assertNote(report, "replicas/17", "no replica of this genesis");
        assertNote(report, "replicas/0/safety/record.lost-1", "remainder of a safety record");
        DirectoryTree.delete(cluster.directory.journal(0));
        Files.writeString(cluster.directory.journal(0), "a file where a directory should be");
        Files.delete(cluster.safetyFile(1));
        Files.createDirectory(cluster.safetyFile(1));
        DirectoryTree.delete(cluster.directory.blobs());
        Files.write(cluster.directory.nodeKey(2), "none".getBytes(StandardCharsets.UTF_8));
        final VerificationReport garbage = cluster.verify();
        assertFault(garbage, "replicas/0/journal", "cannot be read");
        assertFault(garbage, "replicas/1/safety/record", "cannot be read");
        assertFault(garbage, "replicas/2/node.key", "");
        assertEquals(3, garbage.height());
        DirectoryTree.delete(cluster.directory.root().resolve("replicas"));
        assertFault(cluster.verify(), "replicas", "there is nothing to verify");
    }

    @Test
    void allFindingsAreCountedAndAThousandKept() {
        final Findings findings = new Findings();
        for (int i = 0; i < 1_500; i++) {
            findings.fault("file", "reason " + i);
        }
        assertEquals(1_000, findings.faults().size());
        assertEquals(1_500, findings.faultCount());
    }

    /** Each of these is signed by a quorum, and no journal is there that would tell. */
    @Test
    void anArchiveIsCheckedAsAJournalIs() throws Exception {
        final SampleCluster whole = cluster();
        final Path archive = parent.resolve("archive");
        whole.writeArchive(archive);
        for (int i = 0; i < 4; i++) {
            DirectoryTree.delete(whole.directory.replica(i));
        }
        final VerificationReport report = whole.verify(archive);
        assertEquals(List.of(), report.faults());
        assertNote(report, archive.resolve(whole.chain.toString()).resolve("0").toString(), "is verified to height 3");
        assertEquals(3, report.height());
        assertEquals(5, report.counts().transactions());
        assertEquals(2, report.counts().blobs());
        assertEquals(3 * 3 + 4, report.counts().signatures());
        DirectoryTree.delete(whole.directory.root());
        forged("is not signed by its client", (cluster, batch) -> cluster.append(
            cluster.batch(SigningKey.ofSeed(Parties.key("mallory").toBytes()), SampleCluster.record("e"))));
        forged("state digest", (cluster, batch) -> cluster.append(with(cluster.header(List.of(batch)), Parties.key("lie"),
            SampleCluster.TIME + 9, 1, 1), batch));
        forged("no certificate that makes them final", (cluster, batch) -> {
            cluster.append(batch);
            cluster.entries.remove(cluster.entries.size() - 1);
        });
        forged("certificate: ", (cluster, batch) -> {
            final Block block = cluster.append(batch);
            cluster.entries.set(cluster.entries.size() - 1,
                SampleCluster.entry(cluster.certificate(Phase.COMMIT, block, 0, 1)));
        });
    }

    /** A mount that is gone, a directory of another node: they are looked for, and never made. */
    @Test
    void directoriesThatAreNotHereAreNotMade() throws Exception {
        final SampleCluster cluster = cluster();
        final Path local = parent.resolve("node/local");
        final Path archive = parent.resolve("mount/archive");
        final VerificationReport report = verify(cluster, local, archive);
        assertFault(report, archive.resolve(cluster.chain.toString()).resolve("0").toString(), "is not here");
        assertEquals(1, report.faultCount(), report.faults().toString());
        assertEquals(3, report.height());
        assertFalse(Files.exists(local.getParent()));
        assertFalse(Files.exists(archive.getParent()));
        final Path file = Files.writeString(parent.resolve("file"), "where a directory should be");
        assertFault(verify(cluster, file.resolve("local"), file.resolve("archive")),
            file.resolve("archive").resolve(cluster.chain.toString()).resolve("0").toString(), "cannot be read");
        for (int i = 0; i < 4; i++) {
            DirectoryTree.delete(cluster.directory.journal(i));
            DirectoryTree.delete(cluster.directory.safety(i));
            Files.writeString(cluster.directory.replica(i).resolve("life"), "0-00\n");
        }
        assertFault(verify(cluster, local, archive),
            archive.resolve(cluster.chain.toString()).resolve("0").toString(), "is not here");
    }

    @Test
    void anArchiveThatNothingWasWrittenToYetIsNotMissed() throws Exception {
        final SampleCluster cluster = new SampleCluster(parent.resolve("cluster"));
        final Path archive = parent.resolve("archive");
        final VerificationReport report = cluster.verify(archive);
        assertEquals(List.of(), report.faults());
        assertNote(report, archive.resolve(cluster.chain.toString()).resolve("0").toString(), "is not here");
        assertFalse(Files.exists(archive));
    }

    private static VerificationReport verify(final SampleCluster cluster, final Path local, final Path archive) {
        return Verification.run(cluster.directory, new VerificationOptions(2, Optional.of(local), Optional.of(archive)),
            Progress.NONE);
    }

    @Test
    void whatWasHandedOverIsVerified() throws Exception {
        final SampleCluster cluster = cluster();
        for (int i = 0; i < 4; i++) {
            cluster.handOver(i, cluster.entries);
        }
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertEquals(List.of(), report.notes());
        assertEquals(new VerificationReport.ReplicaResult(3, 3, 10), report.replicas().get(3));
        final Path left = cluster.directory.replica(1).resolve("handover");
        for (final String file : List.of("journal/0000000000000000.seg", "safety/record")) {
            final byte[] bytes = Files.readAllBytes(left.resolve(file));
            bytes[200] ^= 1;
            Files.write(left.resolve(file), bytes);
            assertFault(cluster.verify(), "replicas/1/handover/" + file, "");
            bytes[200] ^= 1;
            Files.write(left.resolve(file), bytes);
        }
        cluster.writeJournal(left.resolve("journal"), cluster.entries.subList(0, 7), 64 << 10);
        assertFault(cluster.verify(), "replicas/1/handover/journal", "the end of the journal is lost");
        DirectoryTree.delete(left.resolve("journal"));
        assertFault(cluster.verify(), "replicas/1/handover/journal", "a safety record, and no journal");
        Files.delete(left.resolve("safety/record"));
        assertFault(cluster.verify(), "replicas/1/handover/safety/record", "is missing");
    }

    @Test
    void whatWasHandedOverGoesOnFromTheArchive() throws Exception {
        final SampleCluster cluster = cluster();
        final Path archive = parent.resolve("archive");
        cluster.handOver(0, cluster.entries.subList(7, 10));
        cluster.handOver(1, cluster.entries.subList(3, 10)); // at its end the archive was not yet where it is now
        cluster.handOver(2, cluster.entries.subList(7, 9));
        cluster.handOver(3, cluster.entries);
        assertFault(cluster.verify(), "replicas/0/handover/journal/0000000000000000.seg", "no record of block "
            + cluster.blocks.get(1).hash());
        cluster.writeArchive(archive, 2);
        final VerificationReport report = cluster.verify(archive);
        assertEquals(List.of(), report.faults());
        assertEquals(3, report.height());
        assertNote(report, "replicas/2/handover/journal", "replica 2 is 1 blocks behind: height=2 of 3");
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(cluster.directory.replica(i).resolve("handover/journal"), List.of(), 64 << 10);
        }
        assertFault(cluster.verify(archive), "replicas/0/handover/journal",
            "for which the safety record remembers a vote");
        DirectoryTree.delete(archive);
        cluster.writeArchive(archive);
        assertEquals(List.of(), cluster.verify(archive).faults(), "the archive has what was voted for");
    }

    @Test
    void whatIsOnOtherNodesIsNotMissedThereAlone() throws Exception {
        final SampleCluster cluster = cluster();
        for (int i = 0; i < 4; i++) {
            cluster.handOver(i, cluster.entries);
            Files.writeString(cluster.directory.replica(i).resolve("life"), "0-2e\n");
        }
        assertFault(cluster.verify(), "replicas/2", "nothing that replica 2 recorded is here");
        final Path archive = Files.createDirectory(parent.resolve("archive"));
        final Path local = parent.resolve("node");
        cluster.writeArchive(archive);
        final VerificationReport elsewhere = verify(cluster, local, archive);
        assertEquals(List.of(), elsewhere.faults());
        assertEquals(3, elsewhere.height());
        assertNote(elsewhere, "replicas/2", "on another node: not verified");
        assertNote(elsewhere, "replicas/2/handover", "of another life than the last");
        final VerificationReport nothing = Verification.run(cluster.directory, new VerificationOptions(2,
            Optional.of(local), Optional.empty()), Progress.NONE);
        assertFault(nothing, "replicas", "there is nothing to verify");
    }

    /** Adds to the chain. */
    private interface Forgery {
        void add(SampleCluster cluster, Batch batch);
    }

    private void forged(final String reason, final Forgery forgery) throws Exception {
        final SampleCluster cluster = cluster();
        forgery.add(cluster, cluster.batch(cluster.client, SampleCluster.record("e")));
        final Path archive = parent.resolve("forged");
        cluster.writeArchive(archive);
        final VerificationReport report = cluster.verify(archive);
        assertFalse(report.consistent());
        assertTrue(report.faults().stream().anyMatch(one -> one.file().startsWith(archive.toString())
            && one.reason().contains(reason)), () -> "expected " + reason + "\nactual " + report.faults());
        DirectoryTree.delete(archive);
        DirectoryTree.delete(cluster.directory.root());
    }

    @Test
    void aForkInTheArchiveIsFound() throws Exception {
        final SampleCluster cluster = cluster();
        final List<SampleCluster.Entry> own = List.copyOf(cluster.entries.subList(7, 10));
        final Batch other = cluster.batch(cluster.client, SampleCluster.record("other"));
        final BlockHeader last = cluster.blocks.get(2).header();
        final Block fork = Block.of(new BlockHeader(0, SampleCluster.LEADER, 3, 1, last.timeMillis(), cluster.chain,
            last.parent(), BlockRoot.of(cluster.refs(List.of(other))), last.stateDigest(), 0, Hash.ZERO, 1, 1),
            cluster.refs(List.of(other)));
        cluster.entries.removeAll(own);
        cluster.blocks.set(2, fork);
        cluster.entries.addAll(List.of(cluster.entry(other), SampleCluster.entry(fork),
            SampleCluster.entry(cluster.certificate(Phase.COMMIT, fork, 1, 2, 3))));
        cluster.writeArchive(parent.resolve("archive"));
        assertFault(cluster.verify(parent.resolve("archive")), "replicas/0/journal/0000000000000000.seg",
            "two different final blocks");
    }
}
