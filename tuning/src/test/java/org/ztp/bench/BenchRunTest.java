package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.config.Configuration;
import org.ztp.tuning.Load;
import org.ztp.wire.Hash;

/** What is told of a service that answers as a test says. */
final class BenchRunTest {
    private static final Hash CHAIN = Hash.ZERO;
    private static final double SECOND_NS = 1e9;

    @TempDir
    private Path directory;

    /** Two sub-clusters, of which the replicas know so many blocks; one has not been heard yet. */
    private static ServiceReply status(final long first, final long second) {
        return new ServiceReply.StatusText("""
            {"subClusters": [{"replicas": [{"height": 1}, {"height": %d}]}, {"replicas": [{"height": %d}, {"state": "silent"}]}]}
            """.formatted(first, second));
    }

    private static ServiceReply settled() {
        return new Submitted(Submitted.Status.FINAL, CHAIN, 7, List.of());
    }

    private BenchRun.Measured measured(final Load load, final int seconds, final ServiceHandler service) {
        return new BenchRun(new BenchPlan(8, 4, load, Configuration.defaults(), seconds, 0, 0, Fault.NONE, 0, directory),
            line -> { }).load(CHAIN, service, Stream::empty);
    }

    @Test
    void blocksOfAllSubClustersCount() {
        final AtomicInteger asked = new AtomicInteger();
        final BenchRun.Measured measured = measured(new Load(1, 1, 1, 64, 1_000), 1, (request, reply) ->
            reply.accept(request instanceof ServiceRequest.Submit ? settled()
                : asked.getAndIncrement() == 0 ? status(10, 20) : status(110, 70)));
        assertEquals(2, asked.get());
        assertEquals(150, measured.blocks());
    }

    /** A service that answers for a second, and then only after the measured time, which ends with asking for its status. */
    private static final class Stalling implements ServiceHandler {
        private final Queue<Consumer<ServiceReply>> waiting = new ConcurrentLinkedQueue<>();
        private final long startNs = System.nanoTime();
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public void handle(final ServiceRequest request, final Consumer<ServiceReply> reply) {
            if (!(request instanceof ServiceRequest.Submit)) {
                asked.incrementAndGet();
                reply.accept(status(1, 1));
            } else {
                waiting.add(reply);
            }
            if (asked.get() > 1 || System.nanoTime() - startNs < SECOND_NS) {
                for (Consumer<ServiceReply> next = waiting.poll(); next != null; next = waiting.poll()) {
                    next.accept(settled());
                }
            }
        }
    }

    @Test
    void aStallThatLastsToTheEndIsInTheLatencies() {
        final BenchRun.Measured measured = measured(new Load(2, Load.MAX_IN_FLIGHT, 2, 64, 400), 3, new Stalling());
        assertTrue(measured.due() > 400 && measured.due() < 1_000, measured.toString());
        assertTrue(measured.latencies().getMaxValue() > 1.5 * SECOND_NS, measured.toString());
        assertTrue(measured.latencies().getValueAtPercentile(90) > 1 * SECOND_NS, measured.toString());
        assertEquals(measured.transactions() + measured.due(), 2.0 * measured.latencies().getTotalCount(), 40);
        assertFalse(measured.drift().isSteady());
    }

    @Test
    void aServiceThatIsGoneEndsTheCommand() {
        final CommandException gone = assertThrows(CommandException.class, () -> measured(new Load(1, 1, 1, 64, 0), 1,
            (request, reply) -> reply.accept(new Refused(Refused.Reason.UNAVAILABLE, "it has ended", ""))));
        assertEquals(Exit.UNAVAILABLE, gone.exit());
        assertTrue(gone.getMessage().contains("it has ended"), gone.getMessage());
    }

    @Test
    void withoutFixedTimesNothingIsDue() {
        final BenchRun.Measured measured = measured(new Load(1, 4, 1, 64, 0), 2, new Stalling());
        assertEquals(0, measured.due());
        assertFalse(measured.drift().isSteady(), "nothing became final in the end");
    }
}
