package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.ProcessDirectories;
import org.ztp.wire.Hash;

/**
 * What a spare does while it waits for a role: once, for half a minute at most, it runs a small cluster of its own,
 * with data in a temporary directory, twice. A process that has never served loads classes, compiles them, and unpacks
 * the library of the index when it takes a role over, for longer than all the rest of the take-over takes; after this
 * it has them. Its own thread; it may be ended at any time.
 */
public final class Rehearsal implements AutoCloseable {
    private static final int REPLICAS = 4;
    private static final int ACTS = 2;
    private static final int BUNDLES = 150;
    private static final int TRANSACTIONS = 10;
    private static final int PAYLOAD_BYTES = 100;
    private static final long REPLY_SECONDS = 10;
    /**
     * Some three seconds on a quiet machine; one that shares its processors with ten others has a third of it done in
     * six.
     */
    static final long MOST_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long END_MILLIS = 3_000;

    private final Path place;
    private final String durability;
    private final Consumer<String> say;
    private final LongSupplier clock;
    private final Thread thread;
    private final long beganNs;
    private volatile boolean over;

    private Rehearsal(final Path place, final String durability, final Consumer<String> say, final LongSupplier clock) {
        this.place = place;
        this.durability = durability;
        this.say = say;
        this.clock = clock;
        beganNs = clock.getAsLong();
        thread = new Thread(this::run, "ztp-rehearsal");
        thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param place directory for temporary files
     * @param configuration of the service that is rehearsed
     * @param say told if it cannot be done: the spare is as good, but slower
     */
    public static Rehearsal start(final Path place, final Configuration configuration, final Consumer<String> say) {
        return start(place, configuration, say, System::nanoTime);
    }

    /** Begins, by a clock in nanoseconds. */
    static Rehearsal start(final Path place, final Configuration configuration, final Consumer<String> say,
                           final LongSupplier clock) {
        final String durability = configuration.text(Setting.DURABILITY);
        final Rehearsal begun = new Rehearsal(place, durability.equals("archive") ? "disk" : durability, say, clock);
        begun.thread.start();
        return begun;
    }

    /** There is something better to do: it stops before its next step. */
    public void end() {
        over = true;
    }

    /** Waits until it is through, or has been ended. */
    void await() throws InterruptedException {
        thread.join();
    }

    /** Ends it and waits a little, so that it leaves nothing behind. */
    @Override
    public void close() {
        end();
        try {
            thread.join(END_MILLIS);
        } catch (final InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean goesOn() {
        return !over && clock.getAsLong() - beganNs < MOST_NS;
    }

    private void run() {
        try {
            final ProcessDirectories here = ProcessDirectories.in(place, "ztp-rehearsal-");
            here.deleteLeftOver(say); // of spares that were killed
            final Path temporary = here.make();
            try {
                final ClusterDirectory directory = new ClusterDirectory(temporary.resolve("cluster"));
                new ClusterCreation(new SystemRandomness(), System.currentTimeMillis(), NewReplicas::prepare)
                    .create(directory.root(), REPLICAS, REPLICAS, Genesis.Limits.DEFAULT, "");
                for (int act = 0; act < ACTS && goesOn(); act++) {
                    serve(directory);
                }
            } finally {
                DirectoryTree.delete(temporary);
            }
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (final IOException | GenesisException | KeyFormatException | ExecutionException | TimeoutException
            | RuntimeException cannot) { // whatever it is, it was not the service
            say.accept("a spare could not rehearse, and takes a role over more slowly: " + cannot);
        }
    }

    private void serve(final ClusterDirectory directory)
            throws IOException, GenesisException, KeyFormatException, InterruptedException, ExecutionException,
            TimeoutException {
        final Configuration configuration = Configuration.with(Map.of(Setting.DURABILITY, durability,
            Setting.CHECKS, "each", Setting.THREADS, "1"));
        try (Service service = Service.start(directory, configuration, new Service.Options(false));
             SigningKey key = SigningKey.generate(new SystemRandomness())) {
            final BundleBuilder builder = new BundleBuilder(service.genesis().chain(),
                Hash.of(key.verifyKey().bytes()), new byte[Bundle.SUBMISSION_BYTES], key::sign);
            final byte[] transaction = new RecordTransaction("", "", new byte[PAYLOAD_BYTES]).encode();
            for (int sequence = 0; sequence < BUNDLES && goesOn(); sequence++) {
                for (int i = 0; i < TRANSACTIONS; i++) {
                    builder.add(transaction, 0, transaction.length);
                }
                final CompletableFuture<ServiceReply> reply = new CompletableFuture<>();
                service.handle(new ServiceRequest.Submit(builder.seal(sequence).array()), reply::complete);
                reply.get(REPLY_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
