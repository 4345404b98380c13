package org.ztp.client.ring;

import java.io.IOException;
import org.ztp.client.ServiceGone;

/** Notices that the service is gone: its beat stands still, and its process does not exist or the time is up. */
final class ServiceWatch implements AutoCloseable {
    private final SharedFile service;
    private final long pid;
    private long beat = SharedFile.TORN;
    private long beatAtNs;

    ServiceWatch(final SharedFile service, final long nowNs) throws IOException {
        this.service = service;
        pid = service.readWord(Layout.SERVICE_PID);
        beatAtNs = nowNs;
    }

    /** Throws if it is gone. */
    void check(final long nowNs) throws IOException {
        final long now = service.readWord(Layout.SERVICE_BEAT);
        if (now != beat && now != SharedFile.TORN) {
            beat = now;
            beatAtNs = nowNs;
        } else if (nowNs - beatAtNs > Layout.SILENT_NS) {
            throw new ServiceGone("the service does not answer");
        } else if (nowNs - beatAtNs > Layout.DEAD_NS && ProcessHandle.of(pid).isEmpty()) {
            throw new ServiceGone("the service has ended: pid=" + pid);
        }
    }

    /** Whether it lets nobody in at the moment. */
    boolean isFull() throws IOException {
        return service.readWord(Layout.SERVICE_FULL) == 1;
    }

    /** Bytes of each ring; {@link SharedFile#TORN} if that cannot be read. */
    long ringBytes() throws IOException {
        return service.readWord(Layout.SERVICE_RING_BYTES);
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
