package org.ztp.client;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A connection to a service in the same process. */
public final class LocalConnection implements Connection {
    private final ServiceHandler service;
    private final Set<CompletableFuture<ServiceReply>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** To this service, which its owner closes. */
    public LocalConnection(final ServiceHandler service) {
        this.service = service;
    }

    @Override
    public CompletableFuture<ServiceReply> call(final ServiceRequest request) {
        final CompletableFuture<ServiceReply> future = new CompletableFuture<>();
        open.add(future);
        future.whenComplete((reply, failure) -> open.remove(future));
        if (closed) {
            future.completeExceptionally(new ServiceGone("the connection is closed"));
        } else {
            service.handle(request, future::complete);
        }
        return future;
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(future -> future.completeExceptionally(new ServiceGone("the connection is closed")));
    }
}
