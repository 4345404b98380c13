package org.ztp.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.ClientThread;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationException;
import org.ztp.runtime.Service;

/** What the demo does, step by step, with the very commands that users have. */
final class DemoStory implements AutoCloseable {
    /** Lines that are recorded. */
    static final int RECORDS = 100_000;
    private static final int STOPPED = 1;
    private static final int SERVED_TWICE = 2;

    private final Path directory;
    private final Path cluster;
    private final Path file;
    private Service service;
    private ClientThread clients;
    private String dataset;

    /** In a directory that exists and is empty, with a file to share. */
    DemoStory(final Path directory, final Path file) {
        this.directory = directory;
        this.cluster = directory.resolve("cluster");
        this.file = file;
    }

    void makeCluster() throws IOException, GenesisException, ConfigurationException {
        DemoRun.ztp("init", "--dir", cluster, "--replicas", 4).expect(Exit.DONE);
        final ClusterDirectory paths = new ClusterDirectory(cluster);
        final Genesis genesis = paths.readGenesis();
        final Configuration configuration = Configuration.read(paths.configurationFile());
        final ClientPort port = ClientPort.open(cluster, PortLimits.of(configuration),
            new SecureRandom().nextLong() & Long.MAX_VALUE, System::nanoTime).orElseThrow();
        try {
            service = Services.start(paths, genesis, configuration, true);
        } finally {
            if (service == null) {
                port.close();
            }
        }
        clients = new ClientThread(port, service, service.faults()::reportClient, failure -> { });
    }

    void makeKeys() {
        for (final String who : new String[] {"alice", "bob", "carol", "eve"}) {
            DemoRun.ztp("keygen", directory.resolve(who), "--comment", who).expect(Exit.DONE);
        }
    }

    void publish() throws IOException {
        final Path policy = Files.writeString(directory.resolve("policy.conf"),
            "seekers = [\"bob.pub\"]\nrules { purpose = required }\n");
        dataset = DemoRun.ztp("publish", file, "--dir", cluster, "--key", directory.resolve("alice"), "--policy", policy)
            .expect(Exit.DONE).out();
    }

    void seekerIsServed(final String who) throws IOException {
        final Path out = directory.resolve("copy-of-" + who);
        request(who, out).expect(Exit.DONE);
        final long difference = Files.mismatch(file, out);
        if (difference >= 0) {
            throw new CommandException(Exit.UNVERIFIED, "the bytes differ at " + difference, "");
        }
        Files.delete(out);
    }

    void isDenied(final String who) {
        final Path out = directory.resolve("copy-of-" + who);
        request(who, out).expect(Exit.DENIED);
        if (Files.exists(out)) {
            throw new CommandException(Exit.UNVERIFIED, who + " was denied and has a file", "");
        }
    }

    void change(final String command, final String who) {
        DemoRun.ztp(command, dataset, "--dir", cluster, "--key", directory.resolve("alice"), "--seeker",
            directory.resolve(who + ".pub")).expect(Exit.DONE);
    }

    void goOnWithoutAReplica() throws IOException {
        harm(Harm.STOP);
        change("grant", "carol");
        for (int i = 0; i < SERVED_TWICE; i++) {
            seekerIsServed("carol");
        }
    }

    void replicaComesBack() {
        harm(Harm.RESUME);
    }

    void record() throws IOException {
        final Path lines = directory.resolve("lines");
        try (BufferedWriter writer = Files.newBufferedWriter(lines)) {
            for (int i = 0; i < RECORDS; i++) {
                writer.write("{\"step\":" + i + ",\"loss\":" + 1.0 / (i + 1) + "}\n");
            }
        }
        final String said = DemoRun.ztp("record", lines, "--dir", cluster, "--key", directory.resolve("bob"), "--entity",
            "run-1").expect(Exit.DONE).out();
        if (!said.startsWith(RECORDS + " records are final")) {
            throw new CommandException(Exit.UNVERIFIED, "records: expected=" + RECORDS + " final actual=" + said, "");
        }
    }

    void proveOne() throws IOException {
        final String entry = DemoRun.ztp("log", "--dir", cluster, "--dataset", dataset).expect(Exit.DONE).out()
            .lines().findFirst().orElseThrow();
        final String transaction = entry.replaceAll(".*([0-9a-f]{64}\\.[0-9]+).*", "$1");
        final Path receipt = Files.writeString(directory.resolve("receipt"),
            DemoRun.ztp("receipt", transaction, "--dir", cluster).expect(Exit.DONE).out() + "\n");
        DemoRun.ztp("verify-receipt", receipt, "--genesis", cluster.resolve("genesis.conf")).expect(Exit.DONE);
    }

    void verifyOffline() {
        close();
        DemoRun.ztp("verify", "--dir", cluster).expect(Exit.DONE);
    }

    private DemoRun request(final String who, final Path out) {
        return DemoRun.ztp("request", dataset, "--dir", cluster, "--key", directory.resolve(who), "--out", out, "--purpose",
            "to see that it works");
    }

    private void harm(final Harm harm) {
        try (LocalConnection connection = new LocalConnection(service)) {
            final ServiceReply reply = connection.call(new ServiceRequest.Fault(STOPPED, harm)).get();
            if (!(reply instanceof ServiceReply.Done)) {
                throw Replies.failure(reply);
            }
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("");
        } catch (final ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Stops the service, if it runs. */
    @Override
    public void close() {
        if (clients != null) {
            clients.close();
            clients = null;
        }
        if (service != null) {
            service.close();
            service = null;
        }
    }
}
