package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Busy;
import org.ztp.client.ServiceReply.Done;
import org.ztp.client.ServiceReply.Refused;

@Timeout(60)
class ReadingThreadsTest {
    private static final int QUEUE = 1_024;

    private final ReadingThreads threads = new ReadingThreads(new FaultHook());
    private final CountDownLatch open = new CountDownLatch(1);
    private final Queue<ServiceReply> replies = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        open.countDown();
        threads.close();
    }

    private Optional<ServiceReply> block(final CountDownLatch begun) {
        begun.countDown();
        try {
            open.await();
        } catch (final InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        return Optional.of(new Done());
    }

    /** Two questions that take both threads, and as many as the queue holds. */
    private void fill() throws InterruptedException {
        final CountDownLatch begun = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            threads.ask(last -> block(begun), replies::add);
        }
        begun.await();
        for (int i = 0; i < QUEUE; i++) {
            threads.ask(last -> Optional.of(new Done()), replies::add);
        }
    }

    @Test
    void clientsThatAskTooMuchAreToldSoAndHoldBackNoReplica() throws Exception {
        fill();
        assertTrue(replies.isEmpty());
        threads.ask(last -> Optional.of(new Done()), replies::add);
        assertEquals(Busy.class, replies.remove().getClass());
        final CompletableFuture<Boolean> served = new CompletableFuture<>();
        assertTrue(threads.serve(() -> served.complete(true)));
        assertTrue(served.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whatFailsForWantOfMemoryIsAnsweredAndTold() throws Exception {
        final FaultHook faults = new FaultHook();
        final CompletableFuture<ServiceReply> reply = new CompletableFuture<>();
        try (ReadingThreads told = new ReadingThreads(faults)) {
            told.ask(last -> {
                throw new OutOfMemoryError("for a test");
            }, reply::complete);
            assertEquals(Refused.Reason.UNAVAILABLE, ((Refused) reply.get(30, TimeUnit.SECONDS)).reason());
            assertTrue(told.serve(() -> {
                throw new OutOfMemoryError("for a test");
            }));
            Awaitility.await().until(() ->
                faults.counts().keySet().equals(Set.of("QUESTION_FAILED", "READING_FAILED")));
        }
    }

    @Test
    void questionsWithoutAnAnswerYetHoldNoThread() throws Exception {
        final AtomicBoolean known = new AtomicBoolean();
        final CompletableFuture<ServiceReply> late = new CompletableFuture<>();
        for (int i = 0; i < 10; i++) {
            threads.ask(last -> known.get() ? Optional.of(new Done()) : Optional.empty(), late::complete);
        }
        final CompletableFuture<ServiceReply> other = new CompletableFuture<>();
        threads.ask(last -> Optional.of(new Done()), other::complete);
        assertEquals(new Done(), other.get(2, TimeUnit.SECONDS));
        assertFalse(late.isDone());
        known.set(true);
        assertEquals(new Done(), late.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aQuestionIsAskedALastTimeAfterSomeSeconds() throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        final CompletableFuture<ServiceReply> never = new CompletableFuture<>();
        final CompletableFuture<ServiceReply> last = new CompletableFuture<>();
        threads.ask(isLast -> {
            asked.incrementAndGet();
            return Optional.empty();
        }, never::complete);
        threads.ask(isLast -> isLast ? Optional.of(new Done()) : Optional.empty(), last::complete);
        assertEquals(Busy.class, never.get(40, TimeUnit.SECONDS).getClass());
        assertEquals(new Done(), last.get(40, TimeUnit.SECONDS));
        assertTrue(asked.get() > 3 && asked.get() < 100, "asked " + asked);
    }

    @Test
    void aQuestionThatFailsIsAnswered() throws Exception {
        final CompletableFuture<ServiceReply> failed = new CompletableFuture<>();
        threads.ask(last -> {
            throw new IllegalStateException("no such height");
        }, failed::complete);
        final Refused refused = (Refused) failed.get(30, TimeUnit.SECONDS);
        assertEquals(Refused.Reason.UNAVAILABLE, refused.reason());
        assertTrue(refused.message().contains("no such height"));
    }

    @Test
    void onlyWhoEndsSaysThatItEnds() {
        threads.close();
        threads.ask(last -> Optional.of(new Done()), replies::add);
        assertTrue(((Refused) replies.remove()).message().contains("stopping"));
        assertFalse(threads.serve(() -> { }));
    }
}
