package org.ztp.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ztp.client.ServiceHandler;
import org.ztp.crypto.SystemRandomness;
import org.ztp.wire.Hash;

/** Clients that load a service until they are closed. They hash and sign while the load runs, on their own threads. */
public final class LoadGenerator implements AutoCloseable {
    private static final long LAST_BUNDLES_MILLIS = 30_000;

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
        final long startNs = System.nanoTime();
        for (int i = 0; i < load.clients(); i++) {
            final long offsetNs = load.isPaced() ? (long) (load.intervalNs() * i / load.clients()) : 0;
            clients.add(new LoadClient(i, load, new RecordSource(chain, load, randomness, i), service, tally,
                startNs + offsetNs));
        }
    }

    /** Starts all clients. */
    public LoadGenerator start() {
        clients.forEach(client -> client.thread().start());
        return this;
    }

    /** What the clients see. */
    public Tally tally() {
        return tally;
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
        boolean interrupted = false;
        for (final LoadClient client : clients) {
            try {
                client.thread().join(Math.max(1, limit - System.currentTimeMillis()));
            } catch (final InterruptedException hurry) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
