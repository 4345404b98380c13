package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.client.Connection;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.BundleHasher;
import org.ztp.wire.Hash;

@Timeout(30)
class SubmitterTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    /** Proves 1,000 more than a bundle's sequence, by what names it. */
    private static final Optional<Submitter.Proofs> PROOFS = Optional.of(new Submitter.Proofs() {
        @Override
        public boolean ofAnother(final Connection connection, final Hash other, final Bundle bundle) {
            return false;
        }

        @Override
        public OptionalLong height(final Bundle bundle, final ServiceReply.Receipt shown) {
            return Arrays.equals(bundle.id().toBytes(), shown.receipt()) ? OptionalLong.of(1_000 + bundle.sequence())
                : OptionalLong.empty();
        }
    });
    private final List<Long> settled = new ArrayList<>();
    private final List<Long> seen = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    @Test
    void bundlesBecomeFinalInTheirOrder() {
        submit(100, PATIENCE_NS, () -> connected((request, reply) -> reply.accept(finalReply(request))));
        assertEquals(100, settled.size());
        for (int i = 0; i < 100; i++) {
            assertEquals(i, settled.get(i));
        }
    }

    @Test
    void aBusyServiceIsAskedAgain() {
        submit(3, PATIENCE_NS, () -> connected((request, reply) -> {
            final long sequence = sequence(request);
            reply.accept(seen.contains(sequence) ? finalReply(request) : new ServiceReply.Busy(1));
            seen.add(sequence);
        }));
        assertEquals(List.of(0L, 1L, 2L), settled);
    }

    @Test
    void aServiceStartedAnewGetsWhatWasOnItsWay() {
        submit(10, PATIENCE_NS, () -> {
            if (connections.size() == 1 || connections.size() == 2) {
                connections.add(null);
                throw new ServiceUnavailable("not yet", "");
            }
            return connected((request, reply) -> {
                if (connections.size() == 1 && sequence(request) == 5) {
                    connections.get(0).close();
                } else if (connections.size() > 1 || sequence(request) < 3) {
                    reply.accept(finalReply(request));
                }
            });
        });
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), settled);
    }

    @Test
    void withoutProgressItGivesUp() {
        final CommandException late = assertThrows(CommandException.class,
            () -> submit(1, TimeUnit.MILLISECONDS.toNanos(200), () -> connected((request, reply) -> { })));
        assertEquals(Exit.UNAVAILABLE, late.exit());
        assertTrue(late.getMessage().contains("nothing became final"), late.getMessage());
    }

    @Test
    void aBundleThatIsInvalidEndsIt() {
        final CommandException invalid = assertThrows(CommandException.class, () -> submit(1, PATIENCE_NS,
            () -> connected((request, reply) -> reply.accept(
                new Submitted(Submitted.Status.INVALID, Hash.ZERO, 0, List.of())))));
        assertEquals(Exit.UNAVAILABLE, invalid.exit(), "it is the service's word alone");
    }

    @Test
    void whatIsToldOfAnotherBundleEndsIt() {
        for (final Submitted.Status status : List.of(Submitted.Status.FINAL, Submitted.Status.DUPLICATE)) {
            final CommandException lie = assertThrows(CommandException.class, () -> submit(2, PATIENCE_NS,
                () -> connected((request, reply) -> reply.accept(
                    sequence(request) == 0 ? finalReply(request) : new Submitted(status, Hash.ZERO, 1, List.of())))));
            assertEquals(Exit.UNVERIFIED, lie.exit());
            assertTrue(lie.getMessage().contains("than number 1: "), lie.getMessage());
        }
        assertEquals(List.of(0L, 0L), settled);
    }

    /** What waits is for whoever makes the bundles, as long as that takes. */
    @Test
    void aSlowProducerIsNoLackOfProgress() {
        final long patienceNs = TimeUnit.SECONDS.toNanos(2);
        try (Submitter submitter = submitter(patienceNs, Optional.empty(), () -> {
            if (connections.size() == 1) {
                connections.add(null);
                throw new ServiceUnavailable("not yet", "");
            }
            final boolean first = connections.isEmpty();
            return connected((request, reply) -> {
                if (first) {
                    connections.get(0).close();
                } else {
                    CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                        .execute(() -> reply.accept(finalReply(request)));
                }
            });
        })) {
            submitter.submit(bundle(0));
            final long begunNs = System.nanoTime();
            Awaitility.await().until(() -> System.nanoTime() - begunNs > patienceNs);
            submitter.finish();
        }
        assertEquals(List.of(0L), settled);
    }

    @Test
    void whatWasNotTakenInIsHandedInAgainWithTheNextBundle() {
        try (Submitter submitter = submitter(PATIENCE_NS, PROOFS, () -> connected((request, reply) -> {
            if (request instanceof ServiceRequest.ReceiptOf asked) {
                reply.accept(receipt(asked));
            } else if (connections.size() == 1) {
                connections.get(0).close();
            } else {
                final long sequence = sequence(request);
                reply.accept(seen.contains(sequence) ? finalReply(request) : new ServiceReply.Busy(1));
                seen.add(sequence);
            }
        }))) {
            for (int i = 0; i < 4; i++) {
                submitter.submit(bundle(i));
            }
            assertEquals(List.of(0L, 1L, 0L, 2L, 1L, 3L), seen);
            submitter.finish();
        }
        assertEquals(List.of(1_000L, 1_001L, 1_002L, 1_003L), settled);
    }

    @Test
    void aBundleIsFinalWhenItsReceiptProvesIt() {
        submit(70, PATIENCE_NS, PROOFS, () -> connected((request, reply) -> reply.accept(
            request instanceof ServiceRequest.ReceiptOf asked ? receipt(asked) : finalReply(request))));
        assertEquals(LongStream.range(1_000, 1_070).boxed().toList(), settled);
    }

    @Test
    void asManyReceiptsAsBundlesAreOnTheirWayAtOnce() {
        final Map<ServiceRequest.ReceiptOf, Consumer<ServiceReply>> open = new LinkedHashMap<>();
        submit(4 * Submitter.WINDOW, PATIENCE_NS, PROOFS, () -> connected((request, reply) -> {
            if (!(request instanceof ServiceRequest.ReceiptOf asked)) {
                reply.accept(finalReply(request));
                return;
            }
            open.put(asked, reply);
            if (open.size() == Submitter.WINDOW) {
                open.forEach((one, waiting) -> waiting.accept(receipt(one)));
                open.clear();
            }
        }));
        assertEquals(4 * Submitter.WINDOW, settled.size());
    }

    @Test
    void aReceiptThatIsNotThereYetIsAskedForAgainAndOverANewConnectionToo() {
        final List<ServiceReply> before = new ArrayList<>(List.of(new ServiceReply.Busy(1),
            new ServiceReply.Refused(ServiceReply.Refused.Reason.NOT_FOUND, "not yet", ""),
            new ServiceReply.Refused(ServiceReply.Refused.Reason.UNAVAILABLE, "stopping", ""),
            new ServiceReply.Receipt(new byte[0])));
        submit(2, PATIENCE_NS, PROOFS, () -> connected((request, reply) -> {
            if (!(request instanceof ServiceRequest.ReceiptOf asked)) {
                reply.accept(finalReply(request));
            } else if (!before.isEmpty()) {
                reply.accept(before.remove(0));
            } else if (connections.size() == 1) {
                connections.get(0).close();
            } else {
                reply.accept(receipt(asked));
            }
        }));
        assertEquals(List.of(1_000L, 1_001L), settled);
    }

    @Test
    void whatHasNoReceiptIsNotFinal() {
        final CommandException late = assertThrows(CommandException.class, () -> submit(2,
            TimeUnit.MILLISECONDS.toNanos(200), PROOFS, () -> connected((request, reply) -> reply.accept(
                request instanceof ServiceRequest.ReceiptOf ? new ServiceReply.Refused(
                    ServiceReply.Refused.Reason.NOT_FOUND, "no such transaction", "") : finalReply(request)))));
        assertEquals(Exit.UNAVAILABLE, late.exit());
        assertTrue(late.getMessage().contains("number 0 is final, and shows no receipt of it"), late.getMessage());
        assertEquals(List.of(), settled);
    }

    private void submit(final int count, final long patienceNs, final Connector connector) {
        submit(count, patienceNs, Optional.empty(), connector);
    }

    private void submit(final int count, final long patienceNs, final Optional<Submitter.Proofs> proofs,
                        final Connector connector) {
        try (Submitter submitter = submitter(patienceNs, proofs, connector)) {
            for (int i = 0; i < count; i++) {
                submitter.submit(bundle(i));
            }
            submitter.finish();
        }
    }

    private Submitter submitter(final long patienceNs, final Optional<Submitter.Proofs> proofs,
                                final Connector connector) {
        return new Submitter(connector, null, patienceNs, one -> settled.add(one.height()), proofs);
    }

    private static Bundle bundle(final int sequence) {
        final BundleBuilder builder = new BundleBuilder(Hash.ZERO, Hash.ZERO, new byte[16], message -> new byte[64]);
        builder.add(new byte[] {1}, 0, 1);
        return builder.seal(sequence);
    }

    private Connection connected(final ServiceHandler handler) {
        final Connection connection = new LocalConnection(handler);
        connections.add(connection);
        return connection;
    }

    /** Names its bundle. */
    private static ServiceReply.Receipt receipt(final ServiceRequest.ReceiptOf asked) {
        return new ServiceReply.Receipt(asked.transaction().bundle().toBytes());
    }

    /** Its height is the bundle's sequence. */
    private static Submitted finalReply(final ServiceRequest request) {
        return new Submitted(Submitted.Status.FINAL, new BundleHasher(Hash.ZERO).identify(bundle(request)),
            sequence(request), List.of());
    }

    private static long sequence(final ServiceRequest request) {
        return bundle(request).sequence();
    }

    private static Bundle bundle(final ServiceRequest request) {
        final byte[] bytes = ((ServiceRequest.Submit) request).bundle();
        return Bundle.parse(bytes, 0, bytes.length).orElseThrow();
    }
}
