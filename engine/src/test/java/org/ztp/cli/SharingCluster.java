package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ztp.client.LocalConnection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.ClientThread;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.GenesisText;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.runtime.Service;

/** A service of 4 replicas that real commands reach over its rings, a file to share, and the keys of four users. */
final class SharingCluster implements AutoCloseable {
    static final int CHUNK = 16 << 10;
    final byte[] plain = new byte[10 * CHUNK + 77];
    final Service service;
    private final Path directory;
    private final Path file;
    private final ClientThread clients;
    private volatile ServiceHandler between;

    /**
     * Starts it; its cluster, keys and files are in a directory, and every seeker's bytes come to {@code out} there.
     */
    SharingCluster(final Path directory) throws Exception {
        this.directory = directory;
        Run.ztp("init", "--dir", root(), "--replicas", 4);
        for (final String who : new String[] {"alice", "bob", "carol", "mallory"}) {
            Run.ztp("keygen", key(who));
        }
        new Random(4).nextBytes(plain);
        file = Files.write(directory.resolve("data.bin"), plain);
        final Configuration configuration = Configuration.with(Map.of(Setting.DURABILITY, "os"));
        service = Service.start(new ClusterDirectory(root()), configuration, new Service.Options(true));
        between = service;
        clients = new ClientThread(ClientPort.open(root(), PortLimits.of(configuration), 1, System::nanoTime)
            .orElseThrow(), (request, reply) -> between.handle(request, reply), service.faults()::reportClient,
            failure -> { });
    }

    /** From here on the commands speak with this one; it may ask the service. */
    void answerBy(final ServiceHandler handler) {
        between = handler;
    }

    Path root() {
        return directory.resolve("cluster");
    }

    Path file() {
        return file;
    }

    Path out() {
        return directory.resolve("out");
    }

    Path key(final String who) {
        return directory.resolve(who);
    }

    /** Connects to the service itself, or to who stands between, for calls in this process. */
    Ledger ledger(final ServiceHandler handler) throws Exception {
        return new Ledger(GenesisText.read(new ClusterDirectory(root()).genesisFile()), () -> new LocalConnection(handler),
            TimeUnit.SECONDS.toNanos(1));
    }

    /** Asks the service itself. */
    ServiceReply ask(final ServiceRequest request) throws Exception {
        return new LocalConnection(service).call(request).get();
    }

    /** The whole ledger. */
    List<ServiceReply.LogEntry> log() throws Exception {
        return ((ServiceReply.LogPage) ask(new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(1), 1_000))).entries();
    }

    /** Publishes the file as alice, whatever comes of it. */
    Run tryToPublish(final String policy, final Object... more) throws IOException {
        Files.writeString(directory.resolve("policy"), policy);
        return run(more, "publish", file, "--dir", root(), "--key", key("alice"), "--policy",
            directory.resolve("policy"), "--chunk-size", "16KiB");
    }

    /** Publishes the file as alice. */
    String publish(final String policy) throws IOException {
        final Run run = tryToPublish(policy);
        assertEquals(0, run.exit(), run.err());
        return run.out().strip();
    }

    /** Asks for the dataset, expecting this end. */
    Run request(final String dataset, final String who, final int exit, final Object... more) throws IOException {
        Files.deleteIfExists(out());
        final Run run = run(more, "request", dataset, "--dir", root(), "--key", key(who), "--out", out());
        assertEquals(exit, run.exit(), run.err());
        return run;
    }

    /** Grants or revokes. */
    Run change(final String command, final String dataset, final String who, final String seeker) {
        return Run.ztp(command, dataset, "--dir", root(), "--key", key(who), "--seeker", key(seeker + ".pub"));
    }

    /** What the seeker got. */
    byte[] bytes(final Run run) throws IOException {
        assertEquals(0, run.exit(), run.err());
        return Files.readAllBytes(out());
    }

    private static Run run(final Object[] more, final Object... arguments) {
        final List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return Run.ztp(all.toArray());
    }

    @Override
    public void close() {
        clients.close();
        service.close();
    }
}
