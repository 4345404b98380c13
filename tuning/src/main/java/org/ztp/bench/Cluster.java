package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceHandler;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SystemRandomness;
import org.ztp.runtime.NewReplicas;
import org.ztp.runtime.Service;
import org.ztp.tuning.LoadGenerator;
import org.ztp.wire.Hash;

/** A new cluster in a temporary directory, its service running in this process. Closing it removes the directory. */
final class Cluster implements ServedCluster {
    private static final long DRAIN_NS = 20_000_000_000L;

    private static final long FILL_LOOK_NS = 2_000_000L;

    private final TemporaryDirectory temporary;
    private final ClusterDirectory directory;
    private final Starter starter;
    private Service service;

    /** Starts the service of the directory. */
    private interface Starter {
        Service start() throws IOException, GenesisException, KeyFormatException;
    }

    private Cluster(final TemporaryDirectory temporary, final ClusterDirectory directory, final Starter starter)
            throws IOException, GenesisException, KeyFormatException {
        this.temporary = temporary;
        this.directory = directory;
        this.starter = starter;
        service = starter.start();
    }

    /** Makes and starts one. */
    static Cluster start(final BenchPlan plan) throws IOException {
        return start(plan.place(), plan.replicas(), plan.subClusterSize(), plan.configuration(),
            plan.fault() != Fault.NONE);
    }

    /** Makes and starts one whose replicas may be stopped, or may not. */
    static Cluster start(final Path place, final int replicas, final int subClusterSize,
                         final Configuration configuration, final boolean allowFaults) throws IOException {
        final TemporaryDirectory temporary = TemporaryDirectory.in(place);
        try {
            final ClusterDirectory directory = new ClusterDirectory(temporary.path().resolve("cluster"));
            final Genesis genesis = new ClusterCreation(new SystemRandomness(), System.currentTimeMillis())
                .create(directory.root(), replicas, subClusterSize, Genesis.Limits.DEFAULT, "");
            NewReplicas.prepare(directory, genesis);
            return new Cluster(temporary, directory,
                () -> Service.start(directory, configuration, new Service.Options(allowFaults)));
        } catch (final GenesisException | KeyFormatException ownWork) {
            temporary.close();
            throw new IllegalStateException(ownWork);
        } catch (final IOException | RuntimeException failure) {
            temporary.close();
            throw failure;
        }
    }

    Service service() {
        return service;
    }

    @Override
    public Hash chain() {
        return service.genesis().chain();
    }

    @Override
    public ServiceHandler handler() {
        return service;
    }

    /**
     * Stops the service in order and starts it again.
     *
     * @return how long it took to stop, nanoseconds
     */
    long restart() throws IOException {
        final long beganNs = System.nanoTime();
        service.drain(DRAIN_NS);
        service.close();
        final long stopNs = System.nanoTime() - beganNs;
        try {
            service = starter.start();
        } catch (final GenesisException | KeyFormatException ownWork) {
            throw new IllegalStateException(ownWork);
        }
        return stopNs;
    }

    /** The cluster's directory. */
    ClusterDirectory directory() {
        return directory;
    }

    /**
     * Loads the service until its ledger has so many transactions.
     *
     * @param plan the load, and where the cluster's directory is
     * @return who loaded it; closed
     */
    LoadGenerator fill(final BenchPlan plan, final long transactions) {
        final LoadGenerator generator = new LoadGenerator(plan.load(), chain(), service);
        try (generator) {
            generator.start();
            while (generator.tally().transactions() < transactions && generator.tally().brokenBy().isEmpty()) {
                BenchRun.pause(FILL_LOOK_NS);
            }
        }
        refuse(generator, plan);
        return generator;
    }

    /** Ends the command if the service did not take what it was given. */
    static void refuse(final LoadGenerator generator, final BenchPlan plan) {
        generator.tally().brokenBy().ifPresent(reply -> {
            throw new CommandException(Exit.UNAVAILABLE, "the service answered: " + reply,
                "is there room for the journals in " + plan.place() + "?");
        });
    }

    /** Bytes of the files in all replicas' directories of a name. */
    long bytes(final String name) throws IOException {
        return bytes(temporary.path(), name);
    }

    /** Bytes of the files in directories of a name below a directory. */
    static long bytes(final Path root, final String name) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            long sum = 0;
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains("/" + name + "/")) {
                    sum += Files.size(file);
                }
            }
            return sum;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            service.close();
        } finally {
            temporary.close();
        }
    }
}
