package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.ztp.client.LocalConnection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubClusters;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;

/** For tests: a cluster, of four replicas unless told otherwise, in one process, and a client that has one line after another made final. */
public final class ServedLedger implements AutoCloseable {
    private static final long TIMEOUT_S = 30;
    private static final int REPLICAS = 4;

    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    private final ClusterDirectory directory;
    private final Genesis genesis;
    private Service service;
    private long sequence;
    private long height;

    /** Makes the cluster in a new directory. */
    public ServedLedger(final Path root) throws IOException {
        this(root, 1);
    }

    /** Makes a cluster of so many sub-clusters of four replicas in a new directory. */
    public ServedLedger(final Path root, final int subClusters) throws IOException {
        directory = new ClusterDirectory(root);
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L, NewReplicas::prepare)
            .create(root, subClusters * REPLICAS, REPLICAS, Genesis.Limits.DEFAULT, "");
    }

    /** Its directory. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** Its founding document. */
    public Genesis genesis() {
        return genesis;
    }

    /** The service of the last start. */
    public Service service() {
        return service;
    }

    /** Lines, each a bundle, that were made final. */
    public long sequence() {
        return sequence;
    }

    /** Height of the highest of them. */
    public long height() {
        return height;
    }

    /** Starts the service: durability os and no linger, unless set otherwise. */
    public void start(final Map<Setting, String> settings) throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.BATCH_LINGER, "0ms");
        set.putAll(settings);
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    /** Asks the service. */
    public CompletableFuture<ServiceReply> ask(final ServiceRequest request) {
        return new LocalConnection(service).call(request);
    }

    /** The service's answer. */
    public ServiceReply call(final ServiceRequest request) throws Exception {
        return ask(request).get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Submits a line of a number. */
    public CompletableFuture<ServiceReply> submit(final long number) {
        return submit(new byte[16], number);
    }

    /** The number of the sub-cluster that lines of a submission belong to. */
    public int homeOf(final byte[] submission) {
        return SubClusters.homeOfRecords(Hash.of(key.verifyKey().bytes()), submission, genesis.subClusters().size());
    }

    /** Submits a line of a number in a submission. */
    public CompletableFuture<ServiceReply> submit(final byte[] submission, final long number) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()), submission,
            key::sign);
        final byte[] record = ("\1\0\0\0\0line " + number).getBytes(StandardCharsets.ISO_8859_1);
        builder.add(record, 0, record.length);
        final Bundle bundle = builder.seal(number);
        return ask(new ServiceRequest.Submit(
            Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length())));
    }

    /** Submits the next line. */
    public CompletableFuture<ServiceReply> submitNext() {
        return submit(sequence++);
    }

    /** Submits the next lines, each when the one before is final. */
    public void submitSome(final int lines) throws Exception {
        for (int i = 0; i < lines; i++) {
            takeIn(submitNext());
        }
    }

    /** Submits the next lines at once, and waits until all are final. */
    public void submitTogether(final int lines) throws Exception {
        final List<CompletableFuture<ServiceReply>> replies = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            replies.add(submitNext());
        }
        for (final CompletableFuture<ServiceReply> one : replies) {
            takeIn(one);
        }
    }

    private void takeIn(final CompletableFuture<ServiceReply> reply) throws Exception {
        final Submitted submitted = (Submitted) reply.get(TIMEOUT_S, TimeUnit.SECONDS);
        assertEquals(Submitted.Status.FINAL, submitted.status());
        height = Math.max(height, submitted.height());
    }

    /** The status document. */
    public String status() throws Exception {
        return ((ServiceReply.StatusText) call(new ServiceRequest.Status())).json();
    }

    /** How many replicas' number of a name in the status is at or above the height of the last line. */
    public long replicasAtHeight(final String name) throws Exception {
        return Pattern.compile("\"" + name + "\":(\\d+)").matcher(status()).results()
            .filter(found -> Long.parseLong(found.group(1)) >= height).count();
    }

    /** Lines that the log says were accepted. */
    public long accepted() throws Exception {
        long found = 0;
        Optional<LogPlace> since = Optional.of(LogPlace.from(0));
        while (since.isPresent()) {
            final ServiceReply.LogPage page = (ServiceReply.LogPage) call(
                new ServiceRequest.Log(Optional.empty(), "", since.get(), 1000));
            found += page.entries().stream().filter(entry -> entry.outcome() == 0).count();
            since = page.next();
        }
        return found;
    }

    /** Stops the service; it can be started again. */
    public void stop() {
        service.close();
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
        key.close();
    }
}
