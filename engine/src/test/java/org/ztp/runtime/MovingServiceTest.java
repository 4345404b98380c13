package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Setting;
import org.ztp.crypto.SystemRandomness;
import org.ztp.storage.disk.DirectoryTree;

/** A ledger whose journals are on its nodes moves to other nodes, and goes on when all nodes are lost. */
@Timeout(120)
final class MovingServiceTest {
    @TempDir
    private Path temporary;
    private ServedLedger ledger;
    private boolean archiving = true;
    private String durability = "os";

    @BeforeEach
    void make() throws Exception {
        ledger = new ServedLedger(temporary.resolve("cluster"));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    /** Starts it on nodes of a name. */
    private void startOn(final String nodes) throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, durability);
        set.put(Setting.LOCAL_DIR, temporary.resolve(nodes).toString());
        if (archiving) {
            set.put(Setting.ARCHIVE_DIR, temporary.resolve("archive").toString());
        }
        ledger.start(set);
    }

    private Submitted submitted(final CompletableFuture<ServiceReply> reply) throws Exception {
        return (Submitted) reply.get(30, TimeUnit.SECONDS);
    }

    private long height() {
        return ledger.service().finalHeights().get(0);
    }

    private boolean lost() {
        return ledger.service().faults().counts().containsKey("RECORD_LOST");
    }

    /** All of the service's processes are killed at once. */
    private void kill() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            ledger.call(new ServiceRequest.Fault(replica, Harm.STOP));
        }
        ledger.stop();
    }

    /** Who may rename the record of the last life could put an older one there. */
    @Test
    void directoriesOnANodeThatOthersMayWriteAreRefused() throws Exception {
        startOn("a");
        ledger.stop();
        final Path node;
        try (Stream<Path> made = Files.list(temporary.resolve("a"))) {
            node = made.findFirst().orElseThrow();
        }
        for (final Path open : List.of(node, node.resolve("replicas"), node.resolve("replicas/2"))) {
            final Set<PosixFilePermission> before = Files.getPosixFilePermissions(open);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
            final IOException refused = assertThrows(IOException.class, () -> startOn("a"));
            assertTrue(refused.getMessage().startsWith(open + " is not safe from other users"), refused.getMessage());
            Files.setPosixFilePermissions(open, before);
        }
        final Path aside = Files.move(node.resolve("replicas/2"), temporary.resolve("aside"));
        Files.createSymbolicLink(node.resolve("replicas/2"), aside);
        assertThrows(IOException.class, () -> startOn("a"));
        Files.delete(node.resolve("replicas/2"));
        Files.move(aside, node.resolve("replicas/2"));
        startOn("a");
        assertFalse(lost());
    }

    @Test
    void aServiceThatEndedInOrderGoesOnOnOtherNodesAndAgainOnTheFirst() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        final long before = height();
        ledger.stop();
        assertEquals(List.of(), verified("b").faults());
        assertTrue(verified("b").height() >= before);
        startOn("b");
        assertTrue(height() >= before);
        assertFalse(lost());
        ledger.submitSome(10);
        final long then = height();
        ledger.stop();
        startOn("a");
        assertTrue(height() >= then);
        assertFalse(lost());
        ledger.submitSome(10);
    }

    @Test
    void oneThatCannotBeHandedOverLeavesTheOthersInOrder() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        final Path life = ledger.directory().replica(0).resolve("life");
        final byte[] last = Files.readAllBytes(life);
        Files.delete(life); // whether another life has begun cannot be told
        ledger.stop();
        assertEquals(1, ledger.service().faults().counts().get("NOT_CLOSED"));
        assertEquals(1, ledger.service().unfinished().size(), ledger.service().unfinished().toString());
        assertTrue(ledger.service().unfinished().get(0).startsWith("replica 0 could not be closed and handed over: "));
        Files.write(life, last);
        startOn("b");
        assertEquals(1, ledger.service().faults().counts().get("RECORD_LOST"), "that one alone");
        ledger.submitSome(10);
    }

    @Test
    void withoutAnArchiveAllIsHandedOver() throws Exception {
        archiving = false;
        startOn("a");
        ledger.submitSome(10);
        final long before = height();
        ledger.stop();
        assertEquals(List.of(), verifiedOn("b").faults());
        assertTrue(verifiedOn("b").height() >= before);
        final Path journal = ledger.directory().replica(3).resolve("handover/journal/0000000000000000.seg");
        final byte[] bytes = Files.readAllBytes(journal);
        bytes[100] ^= 1;
        Files.write(journal, bytes);
        assertEquals("replicas/3/handover/journal/0000000000000000.seg", verifiedOn("b").faults().get(0).file());
        assertEquals("replicas/3/handover/journal/0000000000000000.seg", verifiedOn("a").faults().get(0).file());
        bytes[100] ^= 1;
        Files.write(journal, bytes);
        startOn("b");
        assertTrue(height() >= before);
        ledger.submitSome(10);
        assertFalse(lost());
    }

    @Test
    void afterTheLossOfAllNodesNobodyVotesUntilItIsSaidThatVotingBeginsAnew() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        ledger.stop();
        startOn("b");
        ledger.submitSome(10);
        final long known = height();
        Awaitility.await().until(() -> points().get(0).root().height() >= known);
        kill();
        assertFalse(needless());
        startOn("c");
        assertTrue(lost());
        ledger.stop();
        assertFalse(needless(), "they ended in order, and none of them may vote");

        final Recovery recovery = new Recovery(ledger.directory(), temporary.resolve("archive"), new SystemRandomness());
        final List<Recovery.Point> points = recovery.points();
        assertTrue(points.get(0).root().height() >= known);
        recovery.begin(points);
        assertTrue(needless(), "once is enough");
        assertEquals(List.of(), verified("d").faults(), "what begins anew is handed over with nothing recorded");
        startOn("d");
        assertFalse(lost());
        assertTrue(height() >= known);
        ledger.submitSome(10);
        final long after = height();
        ledger.stop();
        startOn("a"); // which has journals and records of before
        assertTrue(height() >= after);
        assertFalse(lost());
        ledger.submitSome(10);
        ledger.stop();
        assertTrue(verified("a").height() >= after + 10);
        assertEquals(List.of(), verified("a").faults());
        assertEquals(List.of(), verified("d").faults()); // what is there is of an older life
        assertTrue(verified("d").notes().toString().contains("is verified to height " + height()),
            verified("d").notes().toString());
    }

    /** What a verification on a node says. */
    private VerificationReport verified(final String nodes) {
        return Verification.run(ledger.directory(), new VerificationOptions(1, Optional.of(temporary.resolve(nodes)),
            Optional.of(temporary.resolve("archive"))), (stage, bytes, total) -> { });
    }

    /** The same without an archive. */
    private VerificationReport verifiedOn(final String nodes) {
        return Verification.run(ledger.directory(), new VerificationOptions(1, Optional.of(temporary.resolve(nodes)),
            Optional.empty()), (stage, bytes, total) -> { });
    }

    @Test
    void whatAClientWasToldIsInTheArchiveIfThatIsWhatFinalMeans() throws Exception {
        durability = "archive";
        startOn("a");
        for (int i = 0; i < 5; i++) {
            final long told = submitted(ledger.submitNext()).height();
            assertTrue(points().get(0).root().height() >= told);
        }
        assertEquals(Submitted.Status.DUPLICATE, submitted(ledger.submit(0)).status());
        kill();
        final List<Recovery.Point> points = points();
        new Recovery(ledger.directory(), temporary.resolve("archive"), new SystemRandomness()).begin(points);
        startOn("b");
        assertEquals(Submitted.Status.DUPLICATE, submitted(ledger.submit(ledger.sequence() - 1)).status());
        ledger.submitSome(10);
    }

    @Test
    void aDamagedArchiveIsFoundAndMendedFromTheNodes() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        ledger.stop();
        final Path chunk;
        try (Stream<Path> files = Files.walk(temporary.resolve("archive"))) {
            chunk = files.filter(file -> file.toString().endsWith(".chunk")).findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(chunk);
        bytes[bytes.length / 2] ^= 1;
        Files.write(chunk, bytes);
        assertTrue(verified("a").faults().get(0).toString().contains(chunk.getFileName().toString()),
            verified("a").faults().toString());
        startOn("a");
        ledger.submitSome(10);
        Awaitility.await().atMost(20, TimeUnit.SECONDS)
            .until(() -> ledger.service().faults().counts().containsKey("ARCHIVE_MENDED"));
        ledger.stop();
        assertEquals(List.of(), verified("a").faults());
    }

    private boolean needless() throws Exception {
        return new Recovery(ledger.directory(), temporary.resolve("archive"), new SystemRandomness()).isNeedless();
    }

    @Test
    void whatWasHandedOverIsNotRecovered() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        assertFalse(needless());
        ledger.stop();
        assertTrue(needless());
        DirectoryTree.delete(ledger.directory().replica(0).resolve("handover"));
        assertTrue(needless(), "a quorum is enough");
        DirectoryTree.delete(ledger.directory().replica(1).resolve("handover"));
        assertFalse(needless());
    }

    private List<Recovery.Point> points() throws Exception {
        return new Recovery(ledger.directory(), temporary.resolve("archive"), new SystemRandomness()).points();
    }

    @Test
    void aRestartThatNoQuorumSignedIsRefused() throws Exception {
        startOn("a");
        ledger.submitSome(10);
        ledger.stop();
        final Recovery recovery = new Recovery(ledger.directory(), temporary.resolve("archive"), new SystemRandomness());
        recovery.begin(recovery.points());
        final Path file;
        try (Stream<Path> files = Files.list(ledger.directory().restarts())) {
            file = files.findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at += 5) {
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThrows(GenesisException.class, () -> startOn("b"));
            bytes[at] ^= 1;
        }
        Files.write(file, bytes);
        startOn("b");
        assertFalse(lost());
    }
}
