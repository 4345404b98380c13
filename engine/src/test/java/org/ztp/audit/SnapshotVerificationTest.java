package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;

/** A directory in which replica 3 goes on from a snapshot of height 2 and lacks the blocks up to that. */
final class SnapshotVerificationTest {
    private static final int WITH_GAP = 3;

    @TempDir
    private Path parent;
    private SampleCluster cluster;
    private StateTree state;
    private int entriesBelow;

    @BeforeEach
    void make() throws Exception {
        cluster = new SampleCluster(parent.resolve("cluster"));
        cluster.append(cluster.batch(cluster.client, SampleCluster.record("a"), SampleCluster.record("b")));
        cluster.append(cluster.batch(cluster.client, cluster.publish("one", "two")));
        state = ((BlockState) cluster.state).tree();
        entriesBelow = cluster.entries.size();
        cluster.append(cluster.batch(cluster.client, SampleCluster.record("c")));
        for (int i = 0; i < 4; i++) {
            cluster.writeJournal(i, i == WITH_GAP ? List.of() : cluster.entries);
            cluster.writeSafety(i, cluster.safety(2), cluster.safety(3));
        }
    }

    private Path snapshot() {
        return cluster.directory.incarnations(WITH_GAP).data().resolve("snapshot");
    }

    private void write(final Certificate certificate, final byte[] page) throws Exception {
        final List<SampleCluster.Entry> entries = new ArrayList<>();
        entries.add(new SampleCluster.Entry(SnapshotRecord.HEAD, SnapshotRecord.encode(new SnapshotHead(
            cluster.blocks.get(1).header(), Optional.empty(), new Finality(List.of(cluster.blocks.get(2).header()),
                certificate)))));
        entries.add(new SampleCluster.Entry(SnapshotRecord.PAGE, SnapshotRecord.encode(StatePath.ROOT, page)));
        entries.addAll(cluster.entries.subList(entriesBelow, cluster.entries.size()));
        cluster.writeJournal(snapshot().resolve("journal"), entries, 64 << 10);
        Files.writeString(snapshot().resolve("begun"), "\n");
    }

    private byte[] page() {
        return state.page(StatePath.ROOT, 1 << 20).orElseThrow();
    }

    private Certificate certificate(final int... voters) {
        return cluster.certificate(Phase.COMMIT, cluster.blocks.get(2), voters);
    }

    @Test
    void aGapIsNoFaultAndIsToldOf() throws Exception {
        write(certificate(0, 1, 2), page());
        final VerificationReport report = cluster.verify();
        assertEquals(List.of(), report.faults());
        assertTrue(report.notes().toString().contains("replica 3 goes on from a snapshot of height 2"),
            report.notes().toString());
        assertEquals(3, report.height());
    }

    @Test
    void withoutTheSnapshotTheReplicaHasLostWhatItVotedFor() {
        assertTrue(cluster.verify().faults().toString().contains("for which the safety record remembers a vote"));
    }

    @Test
    void aPageThatIsNotOfTheStateIsAFault() throws Exception {
        final byte[] page = page();
        page[page.length - 1] ^= 1;
        write(certificate(0, 1, 2), page);
        assertTrue(cluster.verify().faults().toString().contains("not of the state of height 2"));
    }

    @Test
    void aSnapshotWithTooFewVotesIsAFault() throws Exception {
        write(certificate(0, 1), page());
        assertTrue(cluster.verify().faults().toString().contains("certificate of the snapshot of height 2 does not hold"));
    }

    @Test
    void aSnapshotWithoutItsLastPageIsAFault() throws Exception {
        write(certificate(0, 1, 2), state.page(StatePath.ROOT, 1).orElseThrow());
        assertTrue(cluster.verify().faults().toString().contains("is not whole"));
    }
}
