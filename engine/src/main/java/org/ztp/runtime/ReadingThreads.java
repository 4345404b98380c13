package org.ztp.runtime;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;

/**
 * Threads that read for one sub-cluster: two for what clients ask, and two for what replicas need of each other, shares and
 * blocks, which so wait for no client. Each has a bounded queue. A question that cannot be answered yet is put again later, and
 * holds no thread meanwhile. Any thread.
 */
final class ReadingThreads implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int QUEUE = 1_024;
    private static final int BUSY_MILLIS = 50;
    private static final long PATIENCE_NS = 3_000_000_000L;
    private static final long MAX_PAUSE_MILLIS = 64;

    private final ThreadPoolExecutor forClients = threads("ztp-reader");
    private final ThreadPoolExecutor forReplicas = threads("ztp-server");
    private final FaultHook faults;

    /** What a client asks. */
    @FunctionalInterface
    interface Question {
        /**
         * The answer; empty if there is none yet.
         *
         * @param last whether it is not asked again, after some seconds
         */
        Optional<ServiceReply> answer(boolean last);
    }

    private record Asking(Question question, Consumer<ServiceReply> reply, long sinceNs) { }

    /**
     * The threads.
     *
     * @param faults told of questions that fail
     */
    ReadingThreads(final FaultHook faults) {
        this.faults = faults;
    }

    private static ThreadPoolExecutor threads(final String name) {
        final ThreadPoolExecutor made = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE), task -> {
                final Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /** Does something for a replica; false if there is too much to do, and it is not done. */
    boolean serve(final Runnable reading) {
        try {
            forReplicas.execute(() -> {
                try {
                    reading.run();
                } catch (final RuntimeException | Error failure) {
                    faults.report(-1, -1, "READING_FAILED", failure.toString());
                }
            });
            return true;
        } catch (final RejectedExecutionException busy) {
            faults.report(-1, -1, "READERS_BUSY", "a peer asks again");
            return false;
        }
    }

    /** Answers a question of a client, now or within some seconds; Busy if there is too much to do, or still no answer. */
    void ask(final Question question, final Consumer<ServiceReply> reply) {
        put(new Asking(question, reply, System.nanoTime()), 1);
    }

    private void put(final Asking asking, final long pauseMillis) {
        try {
            forClients.execute(() -> look(asking, pauseMillis));
        } catch (final RejectedExecutionException full) {
            asking.reply.accept(forClients.isShutdown() ? new Refused(Refused.Reason.UNAVAILABLE,
                "the service is stopping", "try again soon") : new ServiceReply.Busy(BUSY_MILLIS));
        }
    }

    private void look(final Asking asking, final long pauseMillis) {
        final boolean last = System.nanoTime() - asking.sinceNs >= PATIENCE_NS;
        Optional<ServiceReply> answer;
        try {
            answer = asking.question.answer(last);
        } catch (final RuntimeException | Error failure) { // an error, too: else the client waits in vain
            faults.report(-1, -1, "QUESTION_FAILED", failure.toString());
            answer = Optional.of(new Refused(Refused.Reason.UNAVAILABLE, "the replica that was asked could not answer: "
                + failure.getMessage(), "try again; see `ztp status`"));
        }
        if (answer.isPresent() || last) {
            asking.reply.accept(answer.orElseGet(() -> new ServiceReply.Busy(BUSY_MILLIS)));
        } else {
            CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> put(asking, Math.min(2 * pauseMillis, MAX_PAUSE_MILLIS)));
        }
    }

    /** Ends the threads; what waits is dropped. */
    @Override
    public void close() {
        forClients.shutdownNow();
        forReplicas.shutdownNow();
    }
}
