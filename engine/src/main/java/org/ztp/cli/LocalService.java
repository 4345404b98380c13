package org.ztp.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ztp.client.Connection;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.runtime.Service;

/** A connection to a service that runs in this process for as long as the connection is open. */
final class LocalService implements Connection {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final Service service;
    private final Consumer<String> say;
    private final LocalConnection connection;

    /**
     * Takes the service over: closing this closes it.
     *
     * @param say told what cannot be closed in order; what the command has done is done all the same
     */
    LocalService(final Service service, final Consumer<String> say) {
        this.service = service;
        this.say = say;
        connection = new LocalConnection(service);
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
    }
}
