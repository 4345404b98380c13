package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UndoneAtExitTest {
    @Test
    void aSignalInterruptsTheWorkAndWaitsUntilItIsUndone() throws Exception {
        final CompletableFuture<UndoneAtExit> begun = new CompletableFuture<>();
        final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Void> work = CompletableFuture.runAsync(() -> {
            final UndoneAtExit exit = UndoneAtExit.begin();
            begun.complete(exit);
            try {
                new CountDownLatch(1).await();
            } catch (final InterruptedException signal) {
                order.add("undone");
            } finally {
                exit.end();
            }
        });
        begun.get().undo();
        order.add("exit");
        work.get();
        assertEquals(List.of("undone", "exit"), List.copyOf(order));
    }

    @Test
    void whatHasEndedIsNotWaitedFor() {
        final UndoneAtExit exit = UndoneAtExit.begin();
        exit.end();
        exit.undo();
        assertTrue(Thread.interrupted());
    }
}
