package org.ztp.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ztp.client.Connection;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.runtime.Service;

/** A connection to a service that runs in this process for as long as the connection is open. */
final class LocalService implements Connection {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final Service service;
    private final Claim claim;
    private final Consumer<String> say;
    private final LocalConnection connection;

    /**
     * Takes the service over: closing this closes it.
     *
     * @param claim on its directory; closing this gives it up
     * @param say told what cannot be closed in order; what the command has done is done all the same
     */
    private LocalService(final Claim claim, final Service service, final Consumer<String> say) {
        this.claim = claim;
        this.service = service;
        this.say = say;
        connection = new LocalConnection(service);
    }

    /** Claims a directory and starts its replicas. */
    static LocalService start(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                              final Consumer<String> say) {
        final Claim claim = Claim.ofProcess(directory);
        try {
            return new LocalService(claim, Services.start(directory, genesis, configuration, false), say);
        } catch (final CommandException cannot) {
            claim.end(say);
            throw cannot;
        }
    }

    @Override
    public CompletableFuture<ServiceReply> call(final ServiceRequest request) {
        return connection.call(request);
    }

    @Override
    public void close() {
        service.drain(DRAIN_NS);
        connection.close();
        service.close();
        service.unfinished().forEach(say);
        claim.end(say);
    }
}
