package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.GenesisVoters;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.Executor;
import org.ztp.privacy.SharingRules;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.FileDisk;
import org.ztp.team.Team;
import org.ztp.wire.Hash;

/** Each byte of a small journal and safety record of one replica altered, with and without its checksum mended. */
class AlteredBytesTest {
    @TempDir
    Path parent;
    private final Team team = new Team(1);
    private final HashIndex known = new HashIndex();
    private final ClientSignatures clients = GenesisVoters.clients(new VerifyKeys(16));
    private SampleCluster cluster;
    private Voters voters;

    @BeforeEach
    void oneReplicaIsHere() throws Exception {
        cluster = SampleCluster.full(parent.resolve("cluster"));
        voters = GenesisVoters.of(cluster.genesis).get(0);
        for (int i = 1; i < 4; i++) {
            DirectoryTree.delete(cluster.directory.replica(i));
        }
        assertEquals(0, faults());
    }

    @AfterEach
    void closeTheTeam() {
        team.close();
    }

    /** As {@link Verification} does it for one sub-cluster; what was found good stays known from run to run. */
    private long faults() {
        final Findings findings = new Findings();
        final AuditContext context = new AuditContext(new FileDisk(cluster.directory.root()), cluster.directory,
            Optional.empty(), Optional.empty(), false, team, clients, known, findings, new Tally(Progress.NONE, 0));
        new SubClusterCheck(context, cluster.genesis.subClusters().get(0), List.of(voters),
            new Executor(SharingRules.of(cluster.genesis, cluster.genesis.subClusters().get(0)))).run();
        return findings.faultCount();
    }

    private void assertFound(final Path file, final byte[] altered, final String what) throws IOException {
        Files.write(file, altered);
        assertTrue(faults() > 0, () -> "not found: " + what);
    }

    @Test
    void eachByteOfAJournalIsVerified() throws Exception {
        final byte[] original = padded(Files.readAllBytes(cluster.segment(0)));
        for (int i = 0; i < original.length; i++) {
            final byte[] altered = original.clone();
            altered[i] ^= (byte) (1 << i % 8);
            assertFound(cluster.segment(0), altered, "byte " + i);
        }
    }

    /** With some zeros behind the last record. */
    private static byte[] padded(final byte[] bytes) {
        return ByteBuffer.allocate(bytes.length + 32).put(bytes).array();
    }

    @Test
    void eachByteOfEachPayloadIsVerifiedBehindAMendedChecksum() throws Exception {
        final byte[] original = Files.readAllBytes(cluster.segment(0));
        for (final int record : records(original)) {
            final int length = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getInt(record);
            for (int i = -1; i < length; i++) {
                final byte[] altered = original.clone();
                altered[record + 16 + i] ^= (byte) (1 << Math.floorMod(i, 8)); // at -1 the record's kind
                mend(altered, record);
                assertFound(cluster.segment(0), altered, "record at " + record + ", payload byte " + i);
            }
        }
    }

    private static List<Integer> records(final byte[] segment) {
        final List<Integer> records = new ArrayList<>();
        int at = 64;
        while (at < segment.length) {
            records.add(at);
            at += (int) RecordPlaces.recordBytes(ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).getInt(at));
        }
        return records;
    }

    private static void mend(final byte[] segment, final int record) {
        final ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(record + 4, 0);
        final CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, record));
        crc.update(segment, record, (int) RecordPlaces.recordBytes(bytes.getInt(record)));
        bytes.putInt(record + 4, (int) crc.getValue());
    }

    @Test
    void aJournalCutAnywhereIsFoundButForItsLastCertificate() throws Exception {
        final byte[] original = Files.readAllBytes(cluster.segment(0));
        final List<Integer> records = records(original);
        for (int i = 0; i < records.size(); i++) {
            final byte[] cut = new byte[original.length];
            System.arraycopy(original, 0, cut, 0, records.get(i));
            Files.write(cluster.segment(0), cut);
            final boolean onlyTheCertificate = i == records.size() - 1;
            assertEquals(onlyTheCertificate, faults() == 0, "record " + i);
        }
    }

    @Test
    void eachSectorOfASafetyRecordIsVerified() throws Exception {
        final byte[] original = Files.readAllBytes(cluster.safetyFile(0));
        for (int i = 0; i < original.length; i += i % 140_288 >= 2048 ? 4_999 : i % 512 < 32 ? 3 : 95) {
            final byte[] altered = original.clone();
            altered[i] ^= (byte) (1 << i % 8);
            assertFound(cluster.safetyFile(0), altered, "byte " + i);
        }
    }

    @Test
    void aSafetyRecordWithMendedChecksumsMustFitTheRest() throws Exception {
        final SafetyState good = cluster.safety(3);
        final Hash other = Hash.sha256(new byte[1]);
        assertFound(cluster.safety(1));
        assertFound(cluster.safety(2));
        assertFound(cluster.safety(3), cluster.safety(2));
        assertFound(new SafetyState(1, 1, 0, 0, false, 1, 3, other, good.high(), Optional.empty()));
        assertFound(new SafetyState(1, 1, 0, 0, false, 2, 3, good.preparedBlock(), good.high(), Optional.empty()));
        assertFound(new SafetyState(1, 1, 2, 0, false, 1, 3, good.preparedBlock(), good.high(), Optional.empty()));
        assertFound(new SafetyState(1, 1, 0, 0, false, 0, 0, Hash.ZERO, good.high(), Optional.empty()));
        assertFound(new SafetyState(1, 1, 0, 0, false, 1, 3, good.preparedBlock(), cluster.safety(2).high(),
            Optional.empty()));
        assertFound(SafetyState.initial(cluster.chain));
        cluster.keys[0] = cluster.client;
        assertFound(cluster.safety(3));
        cluster.writeSafety(0, good);
        assertEquals(0, faults());
    }

    private void assertFound(final SafetyState... states) throws IOException {
        cluster.writeSafety(0, states);
        assertTrue(faults() > 0, () -> "not found: " + List.of(states));
    }
}
