package org.ztp.client.ring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;

/** One client as the service sees it. Owned by the port's thread. */
final class Session implements AutoCloseable {
    private static final int BYTES_PER_TURN = 256 << 10;

    private final long id;
    private final Path path;
    private final long pid;
    private final SharedFile file;
    private final FrameReader requests;
    private final FrameWriter replies;
    private final PortLimits limits;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int inProgress;
    private long beat;
    private long beatAtNs;
    private boolean left;
    private String fault;

    Session(final long id, final Path path, final long pid, final SharedFile file, final PortLimits limits,
            final long nowNs) {
        this.id = id;
        this.path = path;
        this.pid = pid;
        this.file = file;
        this.limits = limits;
        requests = new FrameReader(file, RingPlace.requests(limits.ringBytes()), Layout.MAX_MESSAGE_BYTES);
        replies = new FrameWriter(file, RingPlace.replies(limits.ringBytes()));
        beatAtNs = nowNs;
    }

    long id() {
        return id;
    }

    Path path() {
        return path;
    }

    /** Reads requests, at most so many that others get their turn soon; the number of bytes read. */
    int receive(final FrameReader.Sink sink, final long nowNs) {
        int total = 0;
        try {
            while (total < BYTES_PER_TURN && inProgress < limits.requests() && fault == null) {
                final int count = requests.poll((correlation, message) -> {
                    inProgress++;
                    sink.accept(correlation, message);
                }, limits.requests() - inProgress, nowNs);
                requests.fault().ifPresent(this::fail);
                if (count == 0) {
                    break;
                }
                total += count;
            }
        } catch (final IOException unreadable) {
            fail(unreadable.toString());
        }
        return total;
    }

    /** Takes a reply for its client. */
    void reply(final long correlation, final byte[] message) {
        inProgress--;
        waiting.add(new Outgoing(correlation, message));
        waitingBytes += message.length;
        send();
        if (waitingBytes > limits.queueBytes()) {
            fail("replies are not fetched: limit=" + limits.queueBytes() + " waiting=" + waitingBytes);
        }
    }

    /** Writes replies into the ring as far as there is room; the number of bytes written. */
    int send() {
        int total = 0;
        try {
            while (!waiting.isEmpty() && fault == null) {
                final int count = replies.write(waiting.peek());
                waitingBytes -= count;
                total += count;
                if (!waiting.peek().done()) {
                    break;
                }
                waiting.remove();
            }
        } catch (final IOException unwritable) {
            fail(unwritable.toString());
        }
        return total;
    }

    /** Whether replies wait for room. */
    boolean isBehind() {
        return !waiting.isEmpty();
    }

    /** Looks whether the client still lives. */
    void checkLife(final long nowNs) {
        try {
            left = file.readWord(Layout.LEFT) == 1;
            final long now = file.readWord(Layout.CLIENT_BEAT);
            if (now != beat && now != SharedFile.TORN) {
                beat = now;
                beatAtNs = nowNs;
            } else if (nowNs - beatAtNs > Layout.SILENT_NS) {
                fail("silent");
            } else if (nowNs - beatAtNs > Layout.DEAD_NS && ProcessHandle.of(pid).isEmpty()) {
                fail("its process is gone: pid=" + pid);
            }
        } catch (final IOException unreadable) {
            fail(unreadable.toString());
        }
    }

    /** Whether the client said that it leaves. */
    boolean hasLeft() {
        return left;
    }

    /** Why the client has to go, if so. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Tells the client that it was let go, as far as that works. */
    void sayGoodbye() throws IOException {
        file.writeWord(Layout.LET_GO, 1);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Bytes that are held for this client: replies that it has not fetched, and what has come of a request. */
    long held() {
        return waitingBytes + requests.held();
    }

    /** Gives it up. */
    void fail(final String reason) {
        if (fault == null) {
            fault = reason;
        }
    }
}
