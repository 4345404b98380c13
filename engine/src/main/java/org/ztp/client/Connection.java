package org.ztp.client;

import java.util.concurrent.CompletableFuture;

/** A way to a service. Any thread may call. */
public interface Connection extends AutoCloseable {
    /**
     * Asks the service.
     *
     * @return the reply; completes exceptionally with {@link ServiceGone} when the service ends before it answers (it
     *     may or may not have done what was asked; submitting the same bundle again is safe)
     */
    CompletableFuture<ServiceReply> call(ServiceRequest request);

    /** Lets the service go; open calls complete exceptionally. */
    @Override
    void close();
}
