package org.ztp.client;

import java.util.function.Consumer;

/** The service as its clients see it. */
@FunctionalInterface
public interface ServiceHandler {
    /**
     * Takes a request; must not block for long.
     *
     * @param request what is asked
     * @param reply takes the one reply, at once or later, on any thread
     */
    void handle(ServiceRequest request, Consumer<ServiceReply> reply);
}
