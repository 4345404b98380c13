package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;

/** A ledger whose journals are on its nodes moves to other nodes, and goes on when all nodes are lost. */
@Timeout(120)
final class MovingServiceTest {
    @TempDir
    private Path temporary;
    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;
    private long sequence;
    private boolean archiving = true;
    private String durability = "os";

    @BeforeEach
    void make() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L, NewReplicas::prepare)
            .create(directory.root(), 4, 4, Genesis.Limits.DEFAULT, "");
    }

    @AfterEach
    void stop() {
        service.close();
        key.close();
    }

    /** Starts it on nodes of a name. */
    private void startOn(final String nodes) throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, durability);
        set.put(Setting.BATCH_LINGER, "0ms");
        set.put(Setting.LOCAL_DIR, temporary.resolve(nodes).toString());
        if (archiving) {
            set.put(Setting.ARCHIVE_DIR, temporary.resolve("archive").toString());
        }
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private ServiceReply submit(final long number) throws Exception {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()), new byte[16],
            key::sign);
        final byte[] record = ("\1\0\0\0\0line " + number).getBytes(StandardCharsets.ISO_8859_1);
        builder.add(record, 0, record.length);
        final Bundle bundle = builder.seal(number);
        return call(new ServiceRequest.Submit(
            Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length())));
    }

    private void submitSome() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertEquals(Submitted.Status.FINAL, ((Submitted) submit(sequence++)).status());
        }
    }

    private ServiceReply call(final ServiceRequest request) throws Exception {
        return new LocalConnection(service).call(request).get(30, TimeUnit.SECONDS);
    }

    private long height() {
        return service.finalHeights().get(0);
    }

    private boolean lost() {
        return service.faults().counts().containsKey("RECORD_LOST");
    }

    /** All of the service's processes are killed at once. */
    private void kill() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            call(new ServiceRequest.Fault(replica, Harm.STOP));
        }
        service.close();
    }

    @Test
    void aServiceThatEndedInOrderGoesOnOnOtherNodesAndAgainOnTheFirst() throws Exception {
        startOn("a");
        submitSome();
        final long before = height();
        service.close();
        startOn("b");
        assertTrue(height() >= before);
        assertFalse(lost());
        submitSome();
        final long then = height();
        service.close();
        startOn("a");
        assertTrue(height() >= then);
        assertFalse(lost());
        submitSome();
    }

    @Test
    void withoutAnArchiveAllIsHandedOver() throws Exception {
        archiving = false;
        startOn("a");
        submitSome();
        final long before = height();
        service.close();
        startOn("b");
        assertTrue(height() >= before);
        submitSome();
        assertFalse(lost());
    }

    @Test
    void afterTheLossOfAllNodesNobodyVotesUntilItIsSaidThatVotingBeginsAnew() throws Exception {
        startOn("a");
        submitSome();
        service.close();
        startOn("b");
        submitSome();
        final long known = height();
        Awaitility.await().until(() -> points().get(0).root().height() >= known);
        kill();
        startOn("c");
        assertTrue(lost());
        service.close();

        final Recovery recovery = new Recovery(directory, temporary.resolve("archive"), new SystemRandomness());
        final List<Recovery.Point> points = recovery.points();
        assertTrue(points.get(0).root().height() >= known);
        recovery.begin(points);
        startOn("d");
        assertFalse(lost());
        assertTrue(height() >= known);
        submitSome();
        final long after = height();
        service.close();
        startOn("a"); // which has journals and records of before
        assertTrue(height() >= after);
        assertFalse(lost());
        submitSome();
        service.close();
        assertTrue(verified("a").height() >= after + 10);
        assertEquals(List.of(), verified("a").faults());
        assertEquals(List.of(), verified("d").faults()); // what is there is of an older life
        assertTrue(verified("d").notes().toString().contains("is verified to height " + height()),
            verified("d").notes().toString());
    }

    /** What a verification on a node says. */
    private VerificationReport verified(final String nodes) {
        return Verification.run(directory, new VerificationOptions(1, Optional.of(temporary.resolve(nodes)),
            Optional.of(temporary.resolve("archive"))), (stage, bytes, total) -> { });
    }

    @Test
    void whatAClientWasToldIsInTheArchiveIfThatIsWhatFinalMeans() throws Exception {
        durability = "archive";
        startOn("a");
        for (int i = 0; i < 5; i++) {
            final long told = ((Submitted) submit(sequence++)).height();
            assertTrue(points().get(0).root().height() >= told);
        }
        assertEquals(Submitted.Status.DUPLICATE, ((Submitted) submit(0)).status());
        kill();
        final List<Recovery.Point> points = points();
        new Recovery(directory, temporary.resolve("archive"), new SystemRandomness()).begin(points);
        startOn("b");
        assertEquals(Submitted.Status.DUPLICATE, ((Submitted) submit(sequence - 1)).status());
        submitSome();
    }

    @Test
    void aDamagedArchiveIsFoundAndMendedFromTheNodes() throws Exception {
        startOn("a");
        submitSome();
        service.close();
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
        submitSome();
        service.close();
        assertEquals(List.of(), verified("a").faults());
        assertTrue(service.faults().counts().containsKey("ARCHIVE_MENDED"));
    }

    private List<Recovery.Point> points() throws Exception {
        return new Recovery(directory, temporary.resolve("archive"), new SystemRandomness()).points();
    }

    @Test
    void aRestartThatNoQuorumSignedIsRefused() throws Exception {
        startOn("a");
        submitSome();
        service.close();
        final Recovery recovery = new Recovery(directory, temporary.resolve("archive"), new SystemRandomness());
        recovery.begin(recovery.points());
        final Path file;
        try (Stream<Path> files = Files.list(directory.restarts())) {
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
