package org.ztp.client.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;

@Timeout(60)
class ClientPortTest {
    private static final PortLimits LIMITS = new PortLimits(3, 64 << 10, 4 << 20, 8, "", 6 << 20);
    private final AtomicLong skippedNs = new AtomicLong();
    private final List<Throwable> errors = new ArrayList<>();
    @TempDir
    private Path cluster;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private MeetingPlace place;
    private ClientPort port;
    private AgentRunner runner;
    private long names;

    @BeforeEach
    void start() throws IOException {
        place = MeetingPlace.of(cluster);
        port = open().orElseThrow();
        runner = new AgentRunner(new SleepingMillisIdleStrategy(1), errors::add, null,
            new ClientAgent(port, ClientPortTest::echo, () -> { }, told::add));
        AgentRunner.startOnThread(runner);
    }

    @AfterEach
    void stop() {
        runner.close();
        assertEquals(List.of(), errors);
        assertEquals(port.faults().count(), told.size(), "faults are told, each once");
        assertFalse(Files.exists(place.directory()));
    }

    private static long descriptorsOf(final Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(each -> file.equals(readLink(each))).count();
        }
    }

    private static Path readLink(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (final IOException closedMeanwhile) {
            return descriptor;
        }
    }

    @Test
    void aConnectionForWhichThereIsNoRoomKeepsNoFileOpen() throws Exception {
        final Path full = Path.of("/dev/full");
        assertThrows(IOException.class, () -> Premises.begin(full));
        assertEquals(0, descriptorsOf(full));
    }

    @Test
    void largeMessagesGoThroughSmallRingsBothWays() throws Exception {
        final byte[] bundle = new byte[3_000_000];
        new Random(1).nextBytes(bundle);
        try (RingConnection connection = RingConnection.connect(cluster)) {
            final ServiceReply.Receipt reply = (ServiceReply.Receipt) connection.call(
                new ServiceRequest.Submit(bundle)).get();
            assertArrayEquals(bundle, reply.receipt());
        }
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() throws Exception {
        try (RingConnection one = RingConnection.connect(cluster); RingConnection two = RingConnection.connect(cluster)) {
            final List<CompletableFuture<ServiceReply>> calls = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                calls.add((i % 2 == 0 ? one : two).call(new ServiceRequest.Submit(new byte[] {(byte) i})));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertEquals((byte) i, ((ServiceReply.Receipt) calls.get(i).get()).receipt()[0]);
            }
        }
    }

    @Test
    void onlyOneServiceServesADirectory() throws IOException {
        assertTrue(open().isEmpty());
    }

    @Test
    void whatAKilledServiceLeftIsRemovedAndARunningOneIsLeftAlone(@TempDir final Path other) throws IOException {
        ClientPort.removeLeftOver(cluster);
        assertTrue(Files.exists(place.service()));
        final MeetingPlace killed = MeetingPlace.of(other);
        ClientPort.removeLeftOver(other);
        Files.createDirectory(killed.directory());
        for (final Path file : List.of(killed.lock(), killed.service(), killed.door(), killed.connection(1, 2))) {
            Files.createFile(file);
        }
        ClientPort.removeLeftOver(other);
        assertFalse(Files.exists(killed.directory()));
    }

    @Test
    void nobodyElseMayReadTheFiles() throws Exception {
        try (RingConnection connection = RingConnection.connect(cluster); Stream<Path> files = Files.list(place.directory())) {
            connection.call(new ServiceRequest.Status()).get();
            for (final Path file : files.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.directory())));
    }

    private RingConnection connectPatiently() {
        try {
            return RingConnection.connect(cluster, TimeUnit.SECONDS.toNanos(60));
        } catch (final ServiceUnavailable full) {
            throw new IllegalStateException(full);
        }
    }

    @Test
    void aClientTooManyIsToldSo() throws Exception {
        try (RingConnection one = RingConnection.connect(cluster); RingConnection two = RingConnection.connect(cluster)) {
            final RingConnection three = RingConnection.connect(cluster);
            final ServiceUnavailable full = assertThrows(ServiceUnavailable.class, () -> RingConnection.connect(cluster));
            assertTrue(full.getMessage().contains("as many clients"), full.getMessage());
            final CompletableFuture<RingConnection> patient = CompletableFuture.supplyAsync(this::connectPatiently);
            assertThrows(TimeoutException.class, () -> patient.get(1, TimeUnit.SECONDS));
            three.close();
            patient.get().close();
            Awaitility.await().until(() -> port.connections() == 2);
            assertEquals(0, port.faults().count());
            RingConnection.connect(cluster).close();
            assertAnswered(one);
            assertAnswered(two);
        }
    }

    @Test
    void aFileCutShortCostsItsClientTheConnectionAndNobodyElse() throws Exception {
        try (RingConnection good = RingConnection.connect(cluster)) {
            final Path bad = newConnectionFile();
            try (RandomAccessFile file = new RandomAccessFile(bad.toFile(), "rw")) {
                file.setLength(100);
            }
            awaitFaults(1);
            assertFalse(Files.exists(bad));
            assertAnswered(good);
        }
    }

    @Test
    void garbageInAnyFileNeverStopsTheServiceForOthers() throws Exception {
        for (int seed = 1; seed <= 12; seed++) {
            final Random random = new Random(seed);
            final Path bad = newConnectionFile();
            for (final Path path : List.of(bad, place.door())) {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    for (int i = 0; i < 20; i++) {
                        final byte[] garbage = new byte[1 + random.nextInt(300)];
                        random.nextBytes(garbage);
                        file.seek(random.nextInt(path.equals(bad) ? 9_000 : Layout.DOOR_BYTES - 300));
                        file.write(garbage);
                    }
                }
            }
            forge(bad, random);
            try (RingConnection good = RingConnection.connect(cluster)) {
                assertAnswered(good);
            }
            Awaitility.await().until(() -> {
                skippedNs.addAndGet(2 * Layout.SILENT_NS);
                return port.connections() == 0;
            });
        }
    }

    /** As when a client has filled the shared memory and then cuts the door: here something is in the new door's way. */
    @Test
    void whileNoDoorCanBeMadeThoseInsideAreServedAndItIsTriedAgain() throws Exception {
        final Path inTheWay = place.directory().resolve("door.new");
        Files.createDirectories(inTheWay.resolve("more"));
        try (RingConnection inside = RingConnection.connect(cluster)) {
            try (RandomAccessFile door = new RandomAccessFile(place.door().toFile(), "rw")) {
                door.setLength(0);
            }
            Awaitility.await().until(() -> port.faults().count() > 0);
            assertTrue(port.faults().last().startsWith("no door could be made"), port.faults().last());
            assertAnswered(inside);
            Files.delete(inTheWay.resolve("more"));
            Files.delete(inTheWay);
            skippedNs.addAndGet(1_000_000_000L);
            Awaitility.await().until(() -> Files.size(place.door()) == Layout.DOOR_BYTES);
            try (RingConnection later = RingConnection.connect(cluster)) {
                assertAnswered(later);
            }
            assertAnswered(inside);
        }
    }

    @Test
    void aMessageThatIsNoRequestIsRefused() throws Exception {
        final Path path = newConnectionFile();
        try (SharedFile file = SharedFile.open(path)) {
            new FrameWriter(file, RingPlace.requests(LIMITS.ringBytes())).write(new Outgoing(5, new byte[] {99, 1}));
            final FrameReader reader = new FrameReader(file, RingPlace.replies(LIMITS.ringBytes()), 1 << 20);
            final List<byte[]> replies = new ArrayList<>();
            Awaitility.await().until(() -> {
                reader.poll((correlation, message) -> replies.add(message), 1, 0);
                return !replies.isEmpty();
            });
            final ServiceReply reply = ReplyCodec.decode(replies.get(0)).orElseThrow();
            assertEquals(ServiceReply.Refused.Reason.BAD_REQUEST, ((ServiceReply.Refused) reply).reason());
        }
    }

    @Test
    void aClientThatDoesNotFetchItsRepliesIsLetGo() throws Exception {
        final Path path = newConnectionFile();
        try (SharedFile file = SharedFile.open(path); RingConnection good = RingConnection.connect(cluster)) {
            final FrameWriter writer = new FrameWriter(file, RingPlace.requests(LIMITS.ringBytes()));
            final byte[] message = RequestCodec.encode(new ServiceRequest.Submit(new byte[200_000]));
            Outgoing outgoing = new Outgoing(0, message);
            while (port.faults().count() == 0) {
                writer.write(outgoing);
                outgoing = outgoing.done() ? new Outgoing(outgoing.correlation() + 1, message) : outgoing;
            }
            assertTrue(port.faults().last().contains("replies are not fetched"), port.faults().last());
            assertAnswered(good);
        }
    }

    @Test
    void clientsTogetherHoldNoMoreThanTheLimit() throws Exception {
        final List<SharedFile> files = new ArrayList<>();
        final byte[] message = RequestCodec.encode(new ServiceRequest.Submit(new byte[4 << 20]));
        try {
            for (int i = 0; i < 2; i++) {
                final SharedFile file = SharedFile.open(newConnectionFile());
                files.add(file);
                final FrameWriter writer = new FrameWriter(file, RingPlace.requests(LIMITS.ringBytes()));
                final Outgoing begun = new Outgoing(0, message);
                while (begun.written() < message.length * 7 / 8 && port.faults().count() == 0) { // and never the rest
                    writer.write(begun);
                }
            }
            awaitFaults(1);
            assertTrue(port.faults().last().contains("too much is held for all clients"), port.faults().last());
            try (RingConnection good = RingConnection.connect(cluster)) {
                assertAnswered(good);
            }
        } finally {
            for (final SharedFile file : files) {
                file.close();
            }
        }
    }

    @Test
    void aSilentClientIsLetGoWithWhatItHadBegun() throws Exception {
        final Path path = newConnectionFile();
        try (SharedFile file = SharedFile.open(path)) {
            new FrameWriter(file, RingPlace.requests(LIMITS.ringBytes())).write(new Outgoing(1, new byte[1 << 20]));
            skippedNs.addAndGet(2 * Layout.SILENT_NS);
            awaitFaults(1);
            assertEquals(0, port.connections());
        }
    }

    @Test
    void aPlaceThatWasCleanedAwayIsMadeAgain() throws Exception {
        try (Stream<Path> files = Files.list(place.directory())) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(place.directory());
        Awaitility.await().until(() -> Files.exists(place.service()));
        try (RingConnection connection = RingConnection.connect(cluster)) {
            assertAnswered(connection);
        }
    }

    @Test
    void whenTheServiceEndsOpenCallsEndToo() throws Exception {
        try (RingConnection connection = RingConnection.connect(cluster)) {
            final CompletableFuture<ServiceReply> open = connection.call(new ServiceRequest.ReceiptOf(new TransactionId(Hash.ZERO, 0)));
            assertAnswered(connection);
            runner.close();
            final ExecutionException ended = assertThrows(ExecutionException.class, open::get);
            assertInstanceOf(ServiceGone.class, ended.getCause());
            assertTrue(connection.call(new ServiceRequest.Status()).isCompletedExceptionally());
            final ServiceUnavailable none = assertThrows(ServiceUnavailable.class, () -> RingConnection.connect(cluster));
            assertEquals("start it with: ztp start --dir " + cluster, none.hint());
        }
    }

    @Test
    void anAnswerThatCannotBeEncodedIsARefusalAndEndsNothing() throws Exception {
        try (RingConnection connection = RingConnection.connect(cluster)) {
            final ServiceReply.Refused refused = (ServiceReply.Refused) connection.call(
                new ServiceRequest.RequestState(new TransactionId(Hash.ZERO, 0))).get();
            assertEquals(ServiceReply.Refused.Reason.FAILED, refused.reason());
            assertAnswered(connection);
        }
    }

    /**
     * Submit comes back as a receipt, ReceiptOf is never answered, RequestState with a text that is too long, everything else is
     * done.
     */
    private static void echo(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        if (request instanceof ServiceRequest.RequestState) {
            reply.accept(new ServiceReply.Refused(ServiceReply.Refused.Reason.DENIED, "a".repeat(70_000), ""));
        } else if (request instanceof ServiceRequest.Submit submit) {
            reply.accept(new ServiceReply.Receipt(submit.bundle()));
        } else if (!(request instanceof ServiceRequest.ReceiptOf)) {
            reply.accept(new ServiceReply.Done());
        }
    }

    private static void assertAnswered(final RingConnection connection) throws Exception {
        assertEquals(new ServiceReply.Done(), connection.call(new ServiceRequest.Status()).get());
    }

    /** Frames that are well formed but for one field. */
    private static void forge(final Path path, final Random random) throws IOException {
        try (SharedFile file = SharedFile.open(path)) {
            new FrameWriter(file, RingPlace.requests(LIMITS.ringBytes())).write(new Outgoing(9, new byte[5_000]));
            file.writeWord(Layout.REQUEST_TAIL, 8L * random.nextInt(10_000));
        } catch (final IOException letGoAlready) {
            assertTrue(letGoAlready.getMessage() != null);
        }
    }

    private void awaitFaults(final int count) {
        Awaitility.await().until(() -> port.faults().count() >= count);
    }

    /** The file of a connection whose client never says anything by itself. */
    private Path newConnectionFile() throws Exception {
        try (Stream<Path> before = Files.list(place.directory())) {
            final List<Path> known = before.toList();
            try (SharedFile door = SharedFile.open(place.door())) {
                Admission.leaveName(door, ++names, 1);
            }
            Awaitility.await().until(() -> !newFile(known).isEmpty());
            return newFile(known).get(0);
        }
    }

    private List<Path> newFile(final List<Path> known) throws IOException {
        try (Stream<Path> now = Files.list(place.directory())) {
            return now.filter(path -> path.getFileName().toString().startsWith("c-") && !known.contains(path)).toList();
        }
    }

    private Optional<ClientPort> open() throws IOException {
        return ClientPort.open(cluster, LIMITS, 1, () -> System.nanoTime() + skippedNs.get());
    }
}
