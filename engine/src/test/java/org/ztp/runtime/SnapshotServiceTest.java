package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Progress;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.config.Setting;
import org.ztp.index.Applied;
import org.ztp.index.IndexTable;
import org.ztp.index.LedgerIndex;
import org.ztp.ledger.state.StateChanges;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.state.KeyValueBatch;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.storage.state.RocksKeyValueStore;
import org.ztp.wire.WireWriter;

/** A replica whose directory is gone gets the blocks: at once, or behind a state that it takes over. */
@Timeout(120)
final class SnapshotServiceTest {
    private static final int BLANK = 3;
    private static final int BLOCKS = 50;
    private static final int MORE_THAN_A_PORTION = 300;

    @TempDir
    private Path temporary;
    private ServedLedger ledger;

    @BeforeEach
    void make() throws Exception {
        ledger = new ServedLedger(temporary.resolve("cluster"));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void start(final int behind) throws Exception {
        ledger.start(Map.of(Setting.SNAPSHOT_BEHIND, Integer.toString(behind), Setting.VIEW_TIMEOUT, "200ms"));
    }

    private void blank() throws Exception {
        ledger.call(new ServiceRequest.Fault(BLANK, Harm.STOP));
        for (final String part : List.of("journal", "safety", "state")) {
            DirectoryTree.delete(data().resolve(part));
        }
    }

    private Path data() {
        return ledger.directory().incarnations(BLANK).data();
    }

    private void resume() throws Exception {
        ledger.call(new ServiceRequest.Fault(BLANK, Harm.RESUME));
    }

    private long count(final String kind) {
        return ledger.service().faults().counts().getOrDefault(kind, 0L);
    }

    /** Goes on submitting until the blank replica has all blocks. */
    private void awaitWhole() throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            ledger.submitSome(1);
            return !ledger.status().contains("blocksMissingAbove") && ledger.replicasAtHeight("indexedHeight") == 4
                && !Files.exists(data().resolve("snapshot").resolve("begun"));
        });
    }

    private VerificationReport verified() {
        return Verification.run(ledger.directory(), new VerificationOptions(1), Progress.NONE);
    }

    @Test
    void aBlankReplicaHasAllBlocksInTheEndWhateverItTakesFirst() throws Exception {
        start(20);
        ledger.submitSome(BLOCKS);
        blank();
        resume();
        awaitWhole();
        assertEquals(0, count("HALTED"));
        assertEquals(0, count("NOT_RENEWED"));
        assertEquals(0, count("BAD_STATE"));
        ledger.stop();
        final VerificationReport report = verified();
        assertEquals(List.of(), report.faults());
        assertEquals(List.of(report.height(), report.height(), report.height(), report.height()),
            report.replicas().stream().map(VerificationReport.ReplicaResult::height).toList());
    }

    @Test
    void aLifeThatCannotBeginIsTriedAgain() throws Exception {
        start(20);
        ledger.submitSome(MORE_THAN_A_PORTION);
        blank();
        final Path inTheWay = data().resolve("snapshot").resolve("state");
        Files.createDirectories(inTheWay);
        try (KeyValueStore held = RocksKeyValueStore.open(inTheWay, IndexTable.names())) {
            resume();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                ledger.submitSome(1);
                return count("NOT_RENEWED") > 0;
            });
            assertTrue(held.get(IndexTable.APPLIED.ordinal(), new byte[] {0}).isEmpty());
        }
        awaitWhole();
        assertEquals(0, count("HALTED"));
    }

    /** As nobody could notice but by what a quorum has certified: the state and the digest that is stored with it. */
    @Test
    void aStateThatWasAlteredTogetherWithItsDigestIsBuiltAnewFromTheJournal() throws Exception {
        start(10_000);
        ledger.submitSome(BLOCKS);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.replicasAtHeight("indexedHeight") == 4);
        ledger.call(new ServiceRequest.Fault(BLANK, Harm.STOP));
        alterState();
        resume();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            ledger.submitSome(1);
            return count("STATE_DIFFERS") == 1 && ledger.replicasAtHeight("indexedHeight") == 4;
        });
        assertEquals(0, count("HALTED"));
        ledger.stop();
        assertEquals(List.of(), verified().faults());
    }

    private void alterState() {
        final byte[] key = {42};
        final byte[] value = {7};
        try (KeyValueStore tables = RocksKeyValueStore.open(data().resolve("state"), IndexTable.names())) {
            final LedgerIndex index = LedgerIndex.open(tables, null, ledger.genesis().chain());
            final Applied was = index.applied();
            final KeyValueBatch changes = new KeyValueBatch();
            changes.put(IndexTable.STATE.ordinal(), key, value);
            changes.put(IndexTable.APPLIED.ordinal(), new byte[] {0}, new WireWriter(80).u64(was.height()).hash(was.block())
                .hash(index.state().tree().with(new StateChanges(List.of(StateChanges.put(key, value)))).digest())
                .u64(was.floor()).toBytes());
            tables.write(changes);
        }
    }

    @Test
    void whoIsNotFarBehindTakesBlocksAlone() throws Exception {
        start(10_000);
        ledger.submitSome(BLOCKS);
        blank();
        resume();
        awaitWhole();
        assertEquals(0, count("SNAPSHOT_TAKEN"));
        assertTrue(ledger.replicasAtHeight("height") == 4);
    }
}
