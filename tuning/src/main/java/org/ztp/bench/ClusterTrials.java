package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.config.Setting;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.tuning.Load;
import org.ztp.tuning.LoadGenerator;
import org.ztp.tuning.Tally;
import org.ztp.tuning.sweep.Outcome;
import org.ztp.tuning.sweep.Point;
import org.ztp.tuning.sweep.Trials;

/**
 * Each run on a new cluster, so that no run inherits another's ledger. Used by one thread; any other may
 * close it, which removes what a run left.
 */
final class ClusterTrials implements Trials, AutoCloseable {
    private static final long EDGE_NS = 1_000_000_000L;
    private static final long LOOK_NS = 300_000L;

    private final Path place;
    private final Map<Setting, String> fixed;
    private final Starter starter;
    private final long longerWarmupNs;
    private final AtomicReference<ServedCluster> running = new AtomicReference<>();

    /** Starts a cluster. */
    @FunctionalInterface
    interface Starter {
        /** A new cluster in a directory of that place, with these settings. */
        ServedCluster start(Path place, Map<Setting, String> settings) throws IOException;
    }

    /**
     * Trials in a new directory.
     *
     * @param parent where that is made
     * @param fixed settings that are the same in each run
     * @param starter starts a cluster for each run
     * @param longerWarmupNs further load before each run, nanoseconds: a new process has its code to compile
     */
    ClusterTrials(final Path parent, final Map<Setting, String> fixed, final Starter starter, final long longerWarmupNs)
            throws IOException {
        place = Files.createTempDirectory(parent, "ztp-tune-");
        this.fixed = new EnumMap<>(fixed);
        this.starter = starter;
        this.longerWarmupNs = longerWarmupNs;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Outcome measure(final Point point, final Load load, final long warmupNs, final long measuredNs) {
        final Map<Setting, String> set = new EnumMap<>(fixed);
        set.putAll(point.values());
        System.gc(); // the last run's garbage is not this one's
        try (ServedCluster cluster = starter.start(place, set)) {
            running.set(cluster);
            return measure(cluster, load, warmupNs + longerWarmupNs, measuredNs);
        } catch (final StorageException | IOException | UncheckedIOException disk) {
            throw new CommandException(Exit.UNAVAILABLE, "a run failed: " + disk.getMessage(),
                "is there room for the journals? ztp doctor looks at that and the rest; --dir names another disk");
        } finally {
            running.set(null);
        }
    }

    private static Outcome measure(final ServedCluster cluster, final Load load, final long warmupNs,
                                   final long measuredNs) {
        final LoadGenerator generator = new LoadGenerator(load, cluster.chain(), cluster.handler());
        try (generator) {
            generator.start();
            final Tally tally = generator.tally();
            BenchRun.pause(warmupNs);
            final Edge begin = Edge.next(tally);
            tally.takeLatencies();
            BenchRun.pause(measuredNs);
            final Edge end = Edge.next(tally);
            final double perSecond = (end.transactions() - begin.transactions()) * 1e9 / (end.atNs() - begin.atNs());
            final Histogram latencies = tally.takeLatencies();
            final boolean isEmpty = latencies.getTotalCount() == 0;
            generator.addDue(latencies);
            return tally.brokenBy().map(reply -> Outcome.failed("the service answered: " + reply))
                .orElseGet(() -> isEmpty ? Outcome.failed("nothing became final")
                    : Outcome.of(perSecond, latencies.getValueAtPercentile(50) / 1e3,
                        latencies.getValueAtPercentile(99) / 1e3));
        }
    }

    /**
     * A moment at which transactions become final. They do so block by block, thousands at once: a short window that
     * begins or ends anywhere would hold a block more or less.
     */
    private record Edge(long atNs, long transactions) {
        /** The next one; at most a second from now, so that a service that stands still is seen too. */
        static Edge next(final Tally tally) {
            final long limitNs = System.nanoTime() + EDGE_NS;
            while (true) {
                final long before = tally.transactions();
                LockSupport.parkNanos(LOOK_NS);
                final long nowNs = System.nanoTime();
                if (tally.transactions() != before || nowNs - limitNs > 0) {
                    return new Edge(nowNs, before);
                }
            }
        }
    }

    /** Stops what runs and removes the directory. */
    @Override
    public void close() throws IOException {
        final ServedCluster cluster = running.getAndSet(null);
        if (cluster != null) {
            cluster.close();
        }
        if (Files.exists(place)) {
            DirectoryTree.delete(place);
        }
    }
}
