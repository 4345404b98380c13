package org.ztp.cli;

import org.ztp.client.Connection;
import org.ztp.client.ServiceUnavailable;

/** Makes a connection to the service; called again when the service was started anew. */
@FunctionalInterface
interface Connector {
    /** A new connection. */
    Connection connect() throws ServiceUnavailable;
}
