package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.ztp.client.Connection;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;

/**
 * A client's connection to the service on this node. Any thread may call; one thread of its own does all reading and
 * writing, backs off to pauses of 1 ms while replies are awaited, and sleeps while none is.
 */
public final class RingConnection implements Connection {
    private static final long QUIET_NS = 50_000_000;
    private static final long FULL_NS = 500_000_000;

    private final SharedFile file;
    private final SharedFile door;
    private final ServiceWatch watch;
    private final FrameWriter requests;
    private final FrameReader replies;
    private final ConcurrentLinkedQueue<Outgoing> outgoing = new ConcurrentLinkedQueue<>();
    private final Map<Long, CompletableFuture<ServiceReply>> open = new ConcurrentHashMap<>();
    private final AtomicLong nextCorrelation = new AtomicLong(1);
    private final ByteBuffer bell = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Thread thread;
    private volatile ServiceGone gone;
    private volatile boolean closing;
    private long beat;
    private long beatAtNs;

    RingConnection(final SharedFile file, final SharedFile door, final ServiceWatch watch, final int ringBytes) {
        this.file = file;
        this.door = door;
        this.watch = watch;
        requests = new FrameWriter(file, RingPlace.requests(ringBytes));
        replies = new FrameReader(file, RingPlace.replies(ringBytes), Layout.MAX_MESSAGE_BYTES);
        thread = new Thread(this::run, "ztp-client");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Connects to the service that runs for a cluster's directory on this node.
     *
     * @throws ServiceUnavailable if none does, or it lets nobody in
     */
    public static RingConnection connect(final Path clusterDirectory) throws ServiceUnavailable {
        return connect(clusterDirectory, FULL_NS);
    }

    /**
     * The same, which waits for its turn.
     *
     * @param fullNs how long to wait while the service has as many clients as it allows
     * @throws ServiceUnavailable if no service runs, or it lets nobody in
     */
    public static RingConnection connect(final Path clusterDirectory, final long fullNs) throws ServiceUnavailable {
        return new Admission(clusterDirectory, fullNs).connect();
    }

    @Override
    public CompletableFuture<ServiceReply> call(final ServiceRequest request) {
        final CompletableFuture<ServiceReply> future = new CompletableFuture<>();
        final byte[] message = RequestCodec.encode(request);
        if (message.length > Layout.MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("request: limit=" + Layout.MAX_MESSAGE_BYTES + " bytes actual="
                + message.length);
        }
        final long correlation = nextCorrelation.getAndIncrement();
        open.put(correlation, future);
        outgoing.add(new Outgoing(correlation, message));
        LockSupport.unpark(thread);
        if (gone != null) {
            failOpenCalls();
        }
        return future;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 20_000, 1_000_000);
        String reason = "the connection is closed";
        try (file; door; watch) {
            while (!closing) {
                final long nowNs = System.nanoTime();
                final int work = send() + replies.poll(this::deliver, Integer.MAX_VALUE, nowNs);
                replies.fault().ifPresent(fault -> {
                    throw new ServiceGone("what the service writes makes no sense: " + fault);
                });
                live(nowNs);
                if (open.isEmpty() && outgoing.isEmpty()) {
                    LockSupport.parkNanos(QUIET_NS);
                } else {
                    idle.idle(work);
                }
            }
            file.writeWord(Layout.LEFT, 1);
        } catch (final IOException | ServiceGone noticed) {
            reason = noticed.getMessage();
        } finally {
            gone = new ServiceGone(reason);
            failOpenCalls();
        }
    }

    private int send() throws IOException {
        int written = 0;
        while (!outgoing.isEmpty()) {
            written += requests.write(outgoing.peek());
            if (!outgoing.peek().done()) {
                break;
            }
            outgoing.remove();
        }
        if (written > 0) {
            door.write(Layout.DOOR_BELL, bell.clear().putLong(0, ThreadLocalRandom.current().nextLong()));
        }
        return written;
    }

    private void deliver(final long correlation, final byte[] message) {
        final CompletableFuture<ServiceReply> future = open.remove(correlation);
        if (future != null) {
            future.complete(ReplyCodec.decode(message).orElseGet(() -> new ServiceReply.Refused(
                ServiceReply.Refused.Reason.FAILED, "a reply that this client does not know",
                "use the same version of ztp as the service")));
        }
    }

    private void live(final long nowNs) throws IOException {
        if (nowNs - beatAtNs < Layout.BEAT_NS) {
            return;
        }
        beatAtNs = nowNs;
        file.writeWord(Layout.CLIENT_BEAT, ++beat);
        if (file.readWord(Layout.LET_GO) != 0) {
            throw new ServiceGone("the service has ended, or let this client go");
        }
        watch.check(nowNs);
    }

    private void failOpenCalls() {
        for (final Long correlation : open.keySet()) {
            final CompletableFuture<ServiceReply> future = open.remove(correlation);
            if (future != null) {
                future.completeExceptionally(gone);
            }
        }
    }
}
