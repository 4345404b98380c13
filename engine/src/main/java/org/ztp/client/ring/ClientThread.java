package org.ztp.client.ring;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.ztp.client.ServiceHandler;

/** The thread that serves the clients of a port until it is closed. */
public final class ClientThread implements AutoCloseable {
    private final ClientAgent agent;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * Starts to serve.
     *
     * @param port the clients; closed with this
     * @param service answers them
     * @param onFault told of each client that is let go for what it did, and when the port's own files fail
     * @param onFailure told when the port's own files fail; nobody is served any more then
     */
    public ClientThread(final ClientPort port, final ServiceHandler service, final Consumer<String> onFault,
                        final Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        thread = new Thread(this::run, "ztp-clients");
        thread.setDaemon(true);
        agent = new ClientAgent(port, service, () -> LockSupport.unpark(thread), onFault);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                if (agent.doWork() == 0) {
                    LockSupport.parkNanos(agent.restNs());
                }
            }
            agent.doWork();
        } catch (final RuntimeException | Error failure) {
            onFailure.accept(failure);
        } finally {
            agent.onClose();
        }
    }

    /** Sends the replies that are there, lets everybody go, and ends the thread. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
