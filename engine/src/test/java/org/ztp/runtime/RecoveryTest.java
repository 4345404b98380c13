package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;

/** Whatever one replica finds damaged or missing when it starts, it comes back, and nothing final is lost. */
@Timeout(120)
final class RecoveryTest {
    @TempDir
    private Path temporary;
    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    private final Random random = new Random(11);
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;
    private long sequence;
    private long height;

    @BeforeEach
    void fillALedger() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        start();
        submitSome(60);
    }

    @AfterEach
    void stop() {
        service.close();
        key.close();
    }

    private void start() throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.BATCH_LINGER, "0ms");
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private void submitSome(final int bundles) throws Exception {
        for (int i = 0; i < bundles; i++) {
            final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()),
                new byte[16], key::sign);
            final byte[] record = ("\1\0\0\0\0line " + sequence).getBytes(StandardCharsets.ISO_8859_1);
            builder.add(record, 0, record.length);
            final Bundle bundle = builder.seal(sequence++);
            final CompletableFuture<ServiceReply> reply = new LocalConnection(service).call(new ServiceRequest.Submit(
                Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length())));
            final Submitted submitted = (Submitted) reply.get(30, TimeUnit.SECONDS);
            assertEquals(Submitted.Status.FINAL, submitted.status());
            height = submitted.height();
        }
    }

    private String status() throws Exception {
        return ((ServiceReply.StatusText) new LocalConnection(service).call(new ServiceRequest.Status()).get()).json();
    }

    private void restartAndCompare(final String what) throws Exception {
        start();
        submitSome(3);
        Awaitility.await(what).atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            final String status = status();
            final long[] indexed = Pattern.compile("\"indexedHeight\":(\\d+)").matcher(status).results()
                .mapToLong(found -> Long.parseLong(found.group(1))).filter(found -> found >= height).toArray();
            assertEquals(4, indexed.length, status);
        });
        int found = 0;
        long since = 0;
        do {
            final ServiceReply.LogPage page = (ServiceReply.LogPage) new LocalConnection(service).call(
                new ServiceRequest.Log(Optional.empty(), "", since, 1000)).get();
            found += (int) page.entries().stream().filter(entry -> entry.outcome() == 0).count();
            since = page.nextHeight();
        } while (since != 0);
        assertEquals(sequence, found, what);
    }

    private List<Path> files(final Path below) throws Exception {
        try (Stream<Path> all = Files.walk(below)) {
            return new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
    }

    private void deleteBelow(final Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void anIndexThatIsGoneIsRebuilt() throws Exception {
        service.close();
        for (int replica = 0; replica < 4; replica++) {
            deleteBelow(directory.state(replica));
        }
        restartAndCompare("no index");
    }

    @Test
    void aJournalCutAnywhereIsFilledUpFromThePeers() throws Exception {
        for (int i = 0; i < 12; i++) {
            service.close();
            final Path journal = files(directory.journal(i % 4)).get(0);
            final long size = i < 4 ? random.nextInt((int) Files.size(journal)) : Files.size(journal) - 1 - random.nextInt(400);
            try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
                file.setLength(size);
            }
            restartAndCompare("replica " + i % 4 + " cut at " + size);
        }
    }

    @Test
    void aFlippedByteAnywhereIsRepairedFromThePeers() throws Exception {
        for (int i = 0; i < 8; i++) {
            service.close();
            final Path journal = files(directory.journal(i % 4)).get(0);
            final long at = random.nextInt((int) Files.size(journal));
            try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
                file.seek(at);
                final int before = file.read();
                file.seek(at);
                file.write(before ^ 1 << random.nextInt(8));
            }
            restartAndCompare("replica " + i % 4 + " flipped at " + at);
        }
    }

    @Test
    void aReplicaThatLostItsSafetyRecordOrEverythingFollowsAndNothingIsLost() throws Exception {
        service.close();
        deleteBelow(directory.safety(2));
        restartAndCompare("no safety record");
        Awaitility.await("votes again").atMost(40, TimeUnit.SECONDS).until(() -> !status().contains("\"mute\":true"));
        service.close();
        deleteBelow(directory.safety(3));
        deleteBelow(directory.journal(3));
        deleteBelow(directory.state(3));
        restartAndCompare("blank");
    }
}
