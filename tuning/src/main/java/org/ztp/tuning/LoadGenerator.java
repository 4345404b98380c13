package org.ztp.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.ztp.client.ServiceHandler;
import org.ztp.crypto.SystemRandomness;
import org.ztp.wire.Hash;

/**
 * Clients that load a service until they are closed. They hash and sign while the load runs, on their own threads,
 * unless they have made bundles before.
 */
public final class LoadGenerator implements AutoCloseable {
    private static final long LAST_BUNDLES_MILLIS = 30_000;

    private final Load load;
    private final List<LoadClient> clients = new ArrayList<>();
    private final Tally tally = new Tally();

    /**
     * Clients that are not started yet.
     *
     * @param load what they submit
     * @param chain hash of the service's genesis
     * @param service takes their bundles
     */
    public LoadGenerator(final Load load, final Hash chain, final ServiceHandler service) {
        final SystemRandomness randomness = new SystemRandomness();
        this.load = load;
        for (int i = 0; i < load.clients(); i++) {
            clients.add(new LoadClient(i, load, new RecordSource(chain, load, randomness, i), service, tally));
        }
    }

    /**
     * Lets the clients make bundles for later, all at once; before they are started.
     *
     * @param bytes most bytes of all those bundles
     * @param nanos the longest that this may take
     */
    public void stockUp(final long bytes, final long nanos) {
        final long untilNs = System.nanoTime() + nanos;
        final List<Thread> makers = new ArrayList<>();
        for (final LoadClient client : clients) {
            makers.add(new Thread(() -> client.stockUp(bytes / clients.size(), untilNs), "load-maker"));
        }
        makers.forEach(Thread::start);
        makers.forEach(maker -> join(maker, 0));
    }

    /** From now on clients submit what they made before, as long as it lasts. */
    public void useStock() {
        clients.forEach(LoadClient::useStock);
    }

    /** Bundles that clients had to make all the same since {@link #useStock()}. */
    public long madeLate() {
        return clients.stream().mapToLong(LoadClient::madeLate).sum();
    }

    /** Starts all clients. */
    public LoadGenerator start() {
        final long startNs = System.nanoTime();
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).start(startNs + (load.isPaced() ? (long) (load.intervalNs() * i / clients.size()) : 0));
        }
        return this;
    }

    /** What the clients see. */
    public Tally tally() {
        return tally;
    }

    /**
     * Adds how long what is due by now, and not final, has waited: a service that stalls at the end of the time would be seen
     * in no latency otherwise. Of a load that is not paced nothing is due.
     *
     * @param latencies takes the times from when each bundle was to be submitted, nanoseconds
     * @return so many transactions
     */
    public long addDue(final Histogram latencies) {
        final long nowNs = System.nanoTime();
        return clients.stream().mapToLong(client -> client.addDue(nowNs, latencies)).sum() * load.transactions();
    }

    /** The ids of the clients' threads, so that what they cost can be told from what the service costs. */
    public Set<Long> threads() {
        return clients.stream().map(client -> client.thread().getId()).collect(Collectors.toSet());
    }

    /** Submits no more, and waits for what is in flight, half a minute at most. */
    @Override
    public void close() {
        clients.forEach(LoadClient::stop);
        final long limit = System.currentTimeMillis() + LAST_BUNDLES_MILLIS;
        clients.forEach(client -> join(client.thread(), Math.max(1, limit - System.currentTimeMillis())));
    }

    private static void join(final Thread thread, final long millis) {
        try {
            thread.join(millis);
        } catch (final InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
