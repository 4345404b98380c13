package org.ztp.client.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;

/**
 * Passes requests from a port to a service, and the replies, which may come on any thread, back to the port's own. The
 * queue of replies is bounded by the clients' limit of requests in progress.
 */
public final class ClientAgent implements Agent {
    private static final int MAX_REPLIES_PER_CYCLE = 256;

    private record Reply(long connection, long correlation, Supplier<byte[]> message) {
    }

    private final ClientPort port;
    private final ServiceHandler service;
    private final Runnable wake;
    private final Consumer<String> onFault;
    private long told;
    private final MpscUnboundedArrayQueue<Reply> replies = new MpscUnboundedArrayQueue<>(256);

    /**
     * Takes the port over: closing the agent closes it.
     *
     * @param port the clients
     * @param service answers them
     * @param wake wakes the thread that runs the agent; called after each reply, on the thread that gave it
     * @param onFault told of each client that is let go for what it did, and when the port's own files fail
     */
    public ClientAgent(final ClientPort port, final ServiceHandler service, final Runnable wake,
                       final Consumer<String> onFault) {
        this.port = port;
        this.service = service;
        this.wake = wake;
        this.onFault = onFault;
    }

    /** How long the thread may rest when {@link #doWork} did nothing and nobody wakes it, nanoseconds. */
    public long restNs() {
        return port.restNs();
    }

    @Override
    public int doWork() {
        int work = port.poll((connection, correlation, request) -> service.handle(request, reply -> {
            replies.add(new Reply(connection, correlation, message(reply)));
            wake.run();
        }));
        for (int i = 0; i < MAX_REPLIES_PER_CYCLE; i++) {
            final Reply reply = replies.poll();
            if (reply == null) {
                break;
            }
            port.reply(reply.connection, reply.correlation, reply.message.get());
            work++;
        }
        tellFaults();
        return work;
    }

    private void tellFaults() {
        for (final ClientPort.Faults faults = port.faults(); told < faults.count(); told++) {
            onFault.accept(faults.last());
        }
    }

    /** The bytes of a reply: made on the thread that answers, if there can be many, and of the most frequent one later. */
    private static Supplier<byte[]> message(final ServiceReply reply) {
        if (reply instanceof ServiceReply.Submitted submitted && submitted.outcomes().isEmpty()) {
            return () -> ClientPort.encode(reply);
        }
        final byte[] bytes = ClientPort.encode(reply);
        return () -> bytes;
    }

    @Override
    public void onClose() {
        try {
            port.close();
        } catch (final IOException filesLost) {
            throw new UncheckedIOException(filesLost);
        } finally {
            tellFaults();
        }
    }

    @Override
    public String roleName() {
        return "ztp-clients";
    }
}
