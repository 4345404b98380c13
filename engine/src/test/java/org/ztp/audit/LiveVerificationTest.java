package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.runtime.NewReplicas;
import org.ztp.runtime.Service;
import org.ztp.wire.Hash;

/**
 * What real services write is verified: while they write it, after they ended, and after replicas died and came back.
 */
@Timeout(60)
class LiveVerificationTest {
    private static final Pattern HEIGHT = Pattern.compile("\"height\":(\\d+),");
    @TempDir
    Path parent;
    private final SigningKey key = SigningKey.ofSeed(new byte[32]);
    private ClusterDirectory directory;
    private Genesis genesis;
    private long sequence;

    @BeforeEach
    void makeCluster() throws Exception {
        directory = new ClusterDirectory(parent.resolve("cluster"));
        genesis = new ClusterCreation(new SeededRandomness(3), 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
    }

    private Service start(final String durability) throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, "2");
        set.put(Setting.DURABILITY, durability);
        return Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private CompletableFuture<ServiceReply> submit(final Service service) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()), new byte[16],
            key::sign);
        final byte[] record = SampleCluster.record("line " + sequence);
        builder.add(record, 0, record.length);
        final Bundle bundle = builder.seal(sequence++);
        return new LocalConnection(service).call(new ServiceRequest.Submit(
            Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length())));
    }

    /** Returns the height of the last one. */
    private long submitAndWait(final Service service, final int bundles) throws Exception {
        final List<CompletableFuture<ServiceReply>> replies = new ArrayList<>();
        for (int i = 0; i < bundles; i++) {
            replies.add(submit(service));
        }
        long height = 0;
        for (final CompletableFuture<ServiceReply> one : replies) {
            final Submitted reply = (Submitted) one.get(20, TimeUnit.SECONDS);
            assertEquals(Submitted.Status.FINAL, reply.status());
            height = Math.max(height, reply.height());
        }
        return height;
    }

    private VerificationReport verify() {
        final VerificationReport report = Verification.run(directory, SampleCluster.OPTIONS, Progress.NONE);
        assertEquals(List.of(), report.faults());
        return report;
    }

    @Test
    void aServiceIsVerifiedWhileItWritesAndWhenItHasEnded() throws Exception {
        assertEquals(0, verify().height());
        for (final String durability : List.of("os", "memory")) {
            try (Service service = start(durability)) {
                submitAndWait(service, 20);
                final List<CompletableFuture<ServiceReply>> replies = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    for (int j = 0; j < 50; j++) {
                        replies.add(submit(service));
                    }
                    assertTrue(verify().running());
                }
                for (final CompletableFuture<ServiceReply> one : replies) {
                    one.get(20, TimeUnit.SECONDS);
                }
                service.drain(TimeUnit.SECONDS.toNanos(5));
            }
        }
        assertEquals(sequence, verify().counts().transactions());
        assertEquals(sequence, 1_040);
    }

    @Test
    void replicasThatDiedAndCameBackLeaveAWholeLedger() throws Exception {
        try (Service service = start("os")) {
            for (int replica = 0; replica < 4; replica++) {
                submitAndWait(service, 10);
                fault(service, replica, Harm.STOP);
                submitAndWait(service, 10);
                fault(service, replica, Harm.RESUME);
                submitAndWait(service, 3);
            }
        }
        assertEquals(sequence, verify().counts().transactions());
    }

    @Test
    void aReplicaThatLostItsDiskIsWholeAgainWhenItHasCaughtUp() throws Exception {
        try (Service service = start("os")) {
            submitAndWait(service, 30);
        }
        verify();
        SampleCluster.delete(directory.journal(2));
        SampleCluster.delete(directory.safety(2));
        SampleCluster.delete(directory.state(2));
        assertFalse(Verification.run(directory, SampleCluster.OPTIONS, Progress.NONE).consistent());
        catchUp();
        final VerificationReport report = verify();
        assertTrue(report.notes().stream().anyMatch(note -> note.reason().contains("replaced one that was lost")),
            report.notes().toString());
    }

    @Test
    void aReplicaWhoseJournalWasDamagedIsWholeAgainWhenItHasCaughtUp() throws Exception {
        try (Service service = start("os")) {
            submitAndWait(service, 30);
        }
        final Path segment = directory.journal(1).resolve("0000000000000000.seg");
        final byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);
        assertFalse(Verification.run(directory, SampleCluster.OPTIONS, Progress.NONE).consistent());
        catchUp();
        assertEquals(sequence, verify().counts().transactions());
    }

    /** Runs the service until all replicas are at the height of a last bundle, or above if a batch came again. */
    private void catchUp() throws Exception {
        try (Service service = start("os")) {
            final long height = submitAndWait(service, 5);
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> heights(service).filter(one -> one >= height)
                .count() == 4);
        }
    }

    private static LongStream heights(final Service service) throws Exception {
        return HEIGHT.matcher(((ServiceReply.StatusText) new LocalConnection(service).call(new ServiceRequest.Status())
            .get()).json()).results().mapToLong(one -> Long.parseLong(one.group(1)));
    }

    private static void fault(final Service service, final int replica, final Harm harm) throws Exception {
        assertTrue(new LocalConnection(service).call(new ServiceRequest.Fault(replica, harm)).get(20, TimeUnit.SECONDS)
            instanceof ServiceReply.Done);
    }
}
