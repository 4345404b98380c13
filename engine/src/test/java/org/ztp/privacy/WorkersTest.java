package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
    private final CountDownLatch both = new CountDownLatch(2);
    private final CountDownLatch failed = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean ended = new AtomicBoolean();

    /** The thread that was begun first fails at once; the other one goes on until it is let. */
    private final class Item implements Workers.Work {
        private final boolean first = Thread.currentThread().getName().endsWith("thread-1");

        @Override
        public void item(final int index) {
            try {
                both.countDown();
                both.await();
                if (first) {
                    throw new AssertionError("no memory");
                }
                goOn.await();
                ended.set(true);
            } catch (final InterruptedException unexpected) {
                throw new CompletionException(unexpected);
            }
        }

        @Override
        public void close() {
            if (first) {
                failed.countDown();
            }
        }
    }

    @Test
    void whateverFailsTheOtherThreadsHaveEndedWhenItIsThrown() throws Exception {
        final CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                new Workers(2, 1, 1).run(2, Item::new);
            } catch (final SharingException failure) {
                throw new CompletionException(failure);
            }
        });
        failed.await();
        assertThrows(TimeoutException.class, () -> run.get(100, TimeUnit.MILLISECONDS));
        assertFalse(ended.get());
        goOn.countDown();
        final ExecutionException failure = assertThrows(ExecutionException.class, () -> run.get(30, TimeUnit.SECONDS));
        assertTrue(ended.get());
        assertEquals("no memory", assertInstanceOf(AssertionError.class, failure.getCause().getCause()).getMessage());
    }
}
