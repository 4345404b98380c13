package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.RestartFiles;
import org.ztp.config.Setting;
import org.ztp.consensus.Group;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;
import org.ztp.storage.disk.DirectoryTree;

/** All nodes are lost before the archive had all that was final, and other sub-clusters had named it. */
@Timeout(120)
final class LostTailTest {
    @TempDir
    private Path temporary;
    private ServedLedger ledger;
    private final byte[][] submissions = new byte[2][];
    private final long[] numbers = new long[2];

    @BeforeEach
    void make() throws Exception {
        ledger = new ServedLedger(temporary.resolve("cluster"), 2);
        for (byte i = 0; submissions[0] == null || submissions[1] == null; i++) {
            final byte[] submission = new byte[16];
            submission[0] = i;
            submissions[ledger.homeOf(submission)] = submission;
        }
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private Path archive() {
        return temporary.resolve("archive");
    }

    private void startOn(final String nodes) throws Exception {
        ledger.start(Map.of(Setting.LOCAL_DIR, temporary.resolve(nodes).toString(), Setting.ARCHIVE_DIR, archive().toString(),
            Setting.EPOCH_INTERVAL, "40ms"));
    }

    private void kill() throws Exception {
        for (int replica = 0; replica < 8; replica++) {
            ledger.call(new ServiceRequest.Fault(replica, Harm.STOP));
        }
        ledger.stop();
    }

    /** Has some lines made final in a sub-cluster; the height of the last one. */
    private long submit(final int subCluster, final int lines) throws Exception {
        long height = 0;
        for (int i = 0; i < lines; i++) {
            final Submitted told = (Submitted) ledger.submit(submissions[subCluster], numbers[subCluster]++)
                .get(30, TimeUnit.SECONDS);
            assertEquals(Submitted.Status.FINAL, told.status());
            height = told.height();
        }
        return height;
    }

    private Recovery recovery() throws Exception {
        return new Recovery(ledger.directory(), archive(), new SystemRandomness());
    }

    private long archived(final int subCluster) throws Exception {
        return recovery().points().get(subCluster).root().height();
    }

    /** Height of a sub-cluster's head in the last epoch. */
    private long named(final int subCluster) throws Exception {
        final var status = ConfigFactory.parseString(ledger.status());
        return status.hasPath("epoch") ? status.getConfigList("epoch.heads").get(subCluster).getLong("height") : 0;
    }

    private VerificationReport verified(final String nodes) {
        return Verification.run(ledger.directory(), new VerificationOptions(1, Optional.of(temporary.resolve(nodes)),
            Optional.of(archive())), (stage, bytes, total) -> { });
    }

    /** Has the archive of the first sub-cluster lose all above a height. */
    private void cutArchive(final long kept) {
        final Voters voters = GenesisVoters.of(ledger.genesis()).get(0);
        new Archives(Optional.of(archive()), List.of(voters), new FaultHook()).open(new Group(voters.chain(), 0,
            voters.members()), 0).setAside(kept, 9);
    }

    @Test
    void aSubClusterThatEndedInOrderGoesOnBesideOneThatBeginsAnew() throws Exception {
        startOn("a");
        final long kept = submit(0, 3);
        Awaitility.await().until(() -> archived(0) >= kept);
        final long lost = submit(0, 9);
        Awaitility.await().until(() -> named(0) >= lost);
        final long height = submit(1, 3);
        ledger.stop();
        final List<Integer> ofTheFirst = GenesisVoters.of(ledger.genesis()).get(0).members();
        for (final int replica : ofTheFirst.subList(0, 2)) {
            DirectoryTree.delete(ledger.directory().replica(replica).resolve("handover"));
        }
        cutArchive(kept);
        assertEquals(List.of(0), recovery().lost().stream().map(Recovery.Point::subCluster).toList());
        recovery().begin(recovery().lost());
        assertTrue(recovery().isNeedless());

        startOn("b");
        assertTrue(submit(0, 1) < lost);
        assertTrue(submit(1, 1) > height);
        assertEquals(Submitted.Status.DUPLICATE, ((Submitted) ledger.submit(submissions[1], 0).get(30, TimeUnit.SECONDS))
            .status());
        while (submit(0, 1) <= lost) {
            submit(1, 1);
        }
        ledger.stop();
        assertEquals(List.of(), verified("b").faults());
        assertTrue(Files.notExists(ledger.directory().restarts().resolve("1-1")));
    }

    @Test
    void theLedgerVerifiesBeforeAndAfterTheChainIsPastWhatWasNamedAndLost() throws Exception {
        startOn("a");
        final long kept = submit(0, 3);
        Awaitility.await().until(() -> archived(0) >= kept);
        final long lost = submit(0, 9);
        Awaitility.await().until(() -> named(0) >= lost);
        final long naming = submit(1, 3);
        Awaitility.await().until(() -> archived(1) >= naming && archived(0) >= lost);
        kill();
        final Voters voters = GenesisVoters.of(ledger.genesis()).get(0);
        cutArchive(kept);

        recovery().begin(recovery().points());
        startOn("b");
        assertTrue(submit(0, 1) < lost);
        submit(1, 1);
        ledger.stop();
        final VerificationReport early = verified("b");
        assertEquals(List.of(), early.faults());
        assertTrue(early.notes().toString().contains("sub-cluster 1 names epochs in which sub-cluster 0 is final up to height"),
            early.notes().toString());
        startOn("b");
        while (submit(0, 1) <= lost) {
            submit(1, 1);
        }
        ledger.stop();
        assertEquals(List.of(), verified("b").faults());

        final Root first = new RestartFiles(ledger.directory()).root(voters);
        recovery().begin(recovery().points());
        final Root second = new RestartFiles(ledger.directory()).root(voters);
        assertEquals(Optional.of(first), second.before());
        assertTrue(second.isLost(first.height() + 1, first.firstView() - 1));
    }
}
