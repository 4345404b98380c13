package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.index.IndexTable;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;

/** The whole of one process on real files: what clients hand in becomes final exactly once, whatever stops. */
@Timeout(60)
final class ServiceTest {
    @TempDir
    private Path temporary;
    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    private final byte[] submission = new byte[16];
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;
    private long sequence;

    @BeforeEach
    void makeCluster() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        start();
    }

    @AfterEach
    void stop() {
        service.close();
        key.close();
    }

    private void start() throws Exception {
        start(2, "none");
    }

    private void start(final int threads, final String bind) throws Exception {
        start(threads, bind, "os");
    }

    private void start(final int threads, final String bind, final String durability) throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, Integer.toString(threads));
        set.put(Setting.BIND, bind);
        set.put(Setting.DURABILITY, durability);
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private byte[] bundle(final int records) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()), submission,
            key::sign);
        for (int i = 0; i < records; i++) {
            final byte[] record = ("\1\0\0\0\0line " + sequence + "/" + i).getBytes(StandardCharsets.ISO_8859_1);
            builder.add(record, 0, record.length);
        }
        final Bundle bundle = builder.seal(sequence++);
        return Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length());
    }

    private CompletableFuture<ServiceReply> submit(final byte[] bundle) {
        return new LocalConnection(service).call(new ServiceRequest.Submit(bundle));
    }

    private Submitted submitAndWait(final byte[] bundle) throws Exception {
        return (Submitted) submit(bundle).get(20, TimeUnit.SECONDS);
    }

    /** Kernel's list of the cores that the team's threads but the master may use, one for each thread. */
    private static List<String> coresOfTeam() throws IOException {
        final List<String> cores = new ArrayList<>();
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (final Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith("ztp-team-")) {
                    cores.add(Files.readAllLines(task.resolve("status")).stream()
                        .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1]);
                }
            }
        }
        return cores;
    }

    @Test
    void theTeamIsBoundToCoresIfThatIsWishedAndPossible() throws Exception {
        final int processors = Runtime.getRuntime().availableProcessors();
        assertTrue(processors >= 2, "this needs two cores");
        service.close();
        start(2, "cores");
        final List<String> bound = coresOfTeam();
        assertEquals(1, bound.size());
        assertTrue(bound.get(0).matches("[0-9]+"), bound.get(0));
        assertEquals(null, service.faults().counts().get("NOT_BOUND"));
        assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(10)).status());
        service.close();
        start(processors + 1, "cores");
        assertEquals(1L, service.faults().counts().get("NOT_BOUND"));
        assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(10)).status());
    }

    @Test
    void bundlesBecomeFinalOnceAndSurviveARestart() throws Exception {
        final byte[] first = bundle(10);
        final Submitted reply = submitAndWait(first);
        assertEquals(Submitted.Status.FINAL, reply.status());
        final List<CompletableFuture<ServiceReply>> replies = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            replies.add(submit(bundle(5)));
        }
        for (final CompletableFuture<ServiceReply> one : replies) {
            assertEquals(Submitted.Status.FINAL, ((Submitted) one.get(20, TimeUnit.SECONDS)).status());
        }
        service.drain(5_000_000_000L);
        service.close();
        start();
        final Submitted again = submitAndWait(first);
        assertEquals(Submitted.Status.DUPLICATE, again.status());
        assertEquals(reply.bundle(), again.bundle());
        assertEquals(reply.height(), again.height());
        assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(1)).status());
    }

    @Test
    void anyOneReplicaMayStopOrHangAndComeBack() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            for (final Harm harm : List.of(Harm.STOP, Harm.HANG)) {
                assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(3)).status());
                fault(replica, harm);
                assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(3)).status(), replica + " " + harm);
                fault(replica, Harm.RESUME);
            }
        }
        awaitAll(submitAndWait(bundle(3)).height());
    }

    private void awaitAll(final long height) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
            final String json = ((ServiceReply.StatusText) new LocalConnection(service)
                .call(new ServiceRequest.Status()).get()).json();
            return Pattern.compile("\"height\":(\\d+)").matcher(json).results()
                .filter(found -> Long.parseLong(found.group(1)) >= height).count() == 4;
        });
    }

    private Path startWithPlans() throws Exception {
        service.close();
        return Plans.start(temporary.resolve("plans"), this::start);
    }

    private void plan(final Path plans, final String what) throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            Files.createFile(plans.resolve(replica + what));
        }
        Awaitility.await().until(() -> service.faults().counts().getOrDefault("HALTED", 0L) >= 4);
    }

    @Test
    void replicasThatAFullDiskHasEndedGoOnByThemselves() throws Exception {
        final Path plans = startWithPlans();
        submitAndWait(bundle(1));
        plan(plans, ".journal.full");
        submitAndWait(bundle(1));
        assertEquals("", service.over());
    }

    @Test
    void replicasThatGoOnByThemselvesHaveWhatWasFinalInMemory() throws Exception {
        service.close();
        final Path plans = Plans.start(temporary.resolve("plans"), () -> start(2, "none", "memory"));
        final byte[] first = bundle(1);
        final Submitted told = submitAndWait(first);
        plan(plans, ".journal.full");
        assertEquals(Submitted.Status.FINAL, submitAndWait(bundle(1)).status());
        final Submitted again = submitAndWait(first);
        assertEquals(Submitted.Status.DUPLICATE, again.status());
        assertEquals(told.height(), again.height());
    }

    @Test
    void aReplicaWhoseIndexHasRottenGoesOnWithANewOne() throws Exception {
        final Path plans = startWithPlans();
        submitAndWait(bundle(1));
        final Path ofTheOld = Files.createFile(directory.state(2).resolve("of-the-old"));
        Files.createFile(plans.resolve("2.journal.corrupt"));
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> Files.notExists(ofTheOld));
        assertEquals(1L, service.faults().counts().get("INDEX_ROTTEN"));
        awaitAll(submitAndWait(bundle(1)).height());
        assertEquals(null, service.faults().counts().get("HALTED"));
        Files.createFile(plans.resolve("2.journal.corrupt"));
        Awaitility.await("no loop is made of it").until(
            () -> service.faults().counts().getOrDefault("HALTED", 0L) == 1);
    }

    /** The first block of each file of a table is no more what was written; the rest of the index is. */
    private void rot(final int replica, final IndexTable table) throws IOException {
        try (Stream<Path> files = Files.list(directory.state(replica))) {
            for (final Path file : files.filter(each -> each.toString().endsWith(".sst")).toList()) {
                final byte[] bytes = Files.readAllBytes(file);
                if (new String(bytes, StandardCharsets.ISO_8859_1).contains(table.name().toLowerCase(Locale.ROOT))) {
                    Arrays.fill(bytes, 0, 16, (byte) 0x55);
                    Files.write(file, bytes);
                }
            }
        }
    }

    @Test
    void anIndexThatRotsWhereItIsOnlyReadIsBuiltAnew() throws Exception {
        final Submitted counted = submitAndWait(bundle(3));
        awaitAll(counted.height());
        service.close();
        for (int replica = 0; replica < 4; replica++) {
            rot(replica, IndexTable.BUNDLES);
        }
        start();
        final ServiceRequest asked = new ServiceRequest.ReceiptOf(new TransactionId(counted.bundle(), 0));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> new LocalConnection(service).call(asked)
            .get(20, TimeUnit.SECONDS) instanceof ServiceReply.Receipt);
        assertTrue(service.faults().counts().get("INDEX_ROTTEN") >= 1, service.faults().counts().toString());
        assertEquals(null, service.faults().counts().get("HALTED"));
    }

    @Test
    void aServiceWithoutLivingReplicasOrIngestIsOver() throws Exception {
        final Path plans = startWithPlans();
        submitAndWait(bundle(1));
        assertEquals("", service.over());
        plan(plans, ".journal.exception");
        Awaitility.await().until(() -> service.over().startsWith("no replica lives"));
        Files.createFile(plans.resolve("0.ingest.exception"));
        Awaitility.await().until(() -> service.over().startsWith("nothing can be taken in"));
    }

    @Test
    void withTwoOfFourStoppedNothingBecomesFinalUntilOneIsBack() throws Exception {
        submitAndWait(bundle(1));
        fault(1, Harm.STOP);
        fault(2, Harm.STOP);
        final CompletableFuture<ServiceReply> waiting = submit(bundle(1));
        assertThrows(TimeoutException.class,
            () -> waiting.get(2, TimeUnit.SECONDS));
        fault(2, Harm.RESUME);
        assertEquals(Submitted.Status.FINAL, ((Submitted) waiting.get(20, TimeUnit.SECONDS)).status());
    }

    private void fault(final int replica, final Harm harm) throws Exception {
        assertTrue(new LocalConnection(service).call(new ServiceRequest.Fault(replica, harm)).get(20, TimeUnit.SECONDS)
            instanceof ServiceReply.Done);
    }
}
