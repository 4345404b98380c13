package org.ztp.client.ring;

import org.ztp.config.Configuration;
import org.ztp.config.Setting;

/**
 * What a service allows its clients.
 *
 * @param clients how many at once
 * @param ringBytes bytes of each direction of a connection, a power of two
 * @param queueBytes replies that may wait for a client that does not fetch them
 * @param requests requests of a client in progress
 * @param group Unix group that is let in beside the service's user; empty for none
 * @param totalBytes what may be held for all clients together: replies not fetched, and requests that have come in part
 */
public record PortLimits(int clients, int ringBytes, long queueBytes, int requests, String group, long totalBytes) {
    private static final int PART_OF_HEAP = 4;

    /** The same with a quarter of the heap for all together, or what one client may have if that is more. */
    public PortLimits(final int clients, final int ringBytes, final long queueBytes, final int requests,
                      final String group) {
        this(clients, ringBytes, queueBytes, requests, group,
            Math.max(queueBytes, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    /** Those of a configuration. */
    public static PortLimits of(final Configuration configuration) {
        return new PortLimits(configuration.count(Setting.CLIENTS), configuration.count(Setting.CLIENT_RING_BYTES),
            configuration.number(Setting.CLIENT_QUEUE_BYTES), configuration.count(Setting.CLIENT_REQUESTS),
            configuration.text(Setting.CLIENTS_GROUP));
    }
}
