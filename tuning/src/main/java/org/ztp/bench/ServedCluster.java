package org.ztp.bench;

import java.io.IOException;
import org.ztp.client.ServiceHandler;
import org.ztp.wire.Hash;

/**
 * A new cluster whose service runs: in this process, or in others. Closing it stops the service and removes the
 * directory.
 */
interface ServedCluster extends AutoCloseable {
    /** Hash of its genesis. */
    Hash chain();

    /** Takes what clients ask; any thread. */
    ServiceHandler handler();

    @Override
    void close() throws IOException;
}
