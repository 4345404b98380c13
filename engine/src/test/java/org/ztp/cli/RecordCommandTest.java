package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ring.ClientAgent;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.GenesisText;
import org.ztp.config.Configuration;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleHasher;
import org.ztp.wire.Hash;

@Timeout(60)
class RecordCommandTest {
    private final List<Throwable> errors = new ArrayList<>();
    private final Set<List<Byte>> bundles = new HashSet<>();
    @TempDir
    private Path directory;
    private Path cluster;
    private Path key;
    private Hash chain;
    private AgentRunner runner;

    @BeforeEach
    void start() throws Exception {
        cluster = directory.resolve("cluster");
        key = directory.resolve("key");
        Run.ztp("init", "--dir", cluster, "--replicas", 4);
        Run.ztp("keygen", key);
        chain = GenesisText.read(new ClusterDirectory(cluster).genesisFile()).chain();
        final ClientPort port = ClientPort.open(cluster, PortLimits.of(Configuration.defaults()), 1,
            System::nanoTime).orElseThrow();
        runner = new AgentRunner(new SleepingMillisIdleStrategy(1), errors::add, null,
            new ClientAgent(port, this::serve, () -> { }));
        AgentRunner.startOnThread(runner);
    }

    @AfterEach
    void stop() {
        runner.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void linesBecomeFinalOnceHoweverOftenTheyAreSubmitted() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "line\n".repeat(12_345));
        final String submission = "00112233445566778899aabbccddeeff";
        final Run first = record(file, submission);
        assertEquals("12345 records are final\n", first.out());
        final Run second = record(file, submission);
        assertEquals("12345 records are final (13 of 13 bundles were already)\n", second.out());
        assertEquals(13, bundles.size());
    }

    @Test
    void theDocumentNamesTheSubmission() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "a\nb");
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--json", "--entity", "sample");
        assertEquals(0, run.exit(), run.err());
        final var document = ConfigFactory.parseString(run.out());
        assertEquals(2, document.getInt("records"));
        assertTrue(document.getString("submission").matches("[0-9a-f]{32}"));
    }

    @Test
    void aSubmissionThatCouldNotFinishIsNamedInTheHint() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "never\n");
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--timeout", "0.2");
        assertEquals(4, run.exit());
        assertTrue(run.err().matches("(?s)ztp: nothing became final within 0.2 s; 0 bundles are final\nhint: run it again "
            + "with --submission [0-9a-f]{32}: nothing is recorded twice\n"), run.err());
    }

    @Test
    void badOptionsAreExitTwo() {
        assertEquals(2, Run.ztp("record", "-", "--dir", cluster, "--key", key, "--submission", "12").exit());
        assertEquals(2, Run.ztp("record", "-", "--dir", cluster, "--key", key.resolveSibling("none")).exit());
        assertEquals(2, Run.ztp("record", directory.resolve("none"), "--dir", cluster, "--key", key).exit());
    }

    @Test
    void statusIsShownInWordsOrAsJson() {
        assertTrue(Run.ztp("status", "--dir", cluster).out().startsWith("chain 7a\nup "));
        assertEquals("{\"chain\":\"7a\",\"startedMillis\":1,\"subClusters\":[],\"faults\":{},\"lastFaults\":[]}\n",
            Run.ztp("status", "--dir", cluster, "--json").out());
    }

    private Run record(final Path file, final String submission) {
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--submission", submission);
        assertEquals(0, run.exit(), run.err());
        return run;
    }

    private void serve(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        if (request instanceof ServiceRequest.Status) {
            reply.accept(new ServiceReply.StatusText("{\"chain\":\"7a\",\"startedMillis\":1,\"subClusters\":[],\"faults\":{},\"lastFaults\":[]}"));
        } else if (request instanceof ServiceRequest.Submit submit) {
            final byte[] bytes = submit.bundle();
            final Bundle bundle = Bundle.parse(bytes, 0, bytes.length).orElseThrow();
            if (new String(bytes, bundle.length() - 5, 5, StandardCharsets.US_ASCII).equals("never")) {
                return;
            }
            final Byte[] boxed = new Byte[64];
            Arrays.setAll(boxed, i -> bytes[Bundle.SIGNATURE_OFFSET + i]);
            reply.accept(new Submitted(bundles.add(List.of(boxed)) ? Submitted.Status.FINAL
                : Submitted.Status.DUPLICATE, new BundleHasher(chain).identify(bundle), bundles.size(), List.of()));
        }
    }
}
