package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.NodeKey;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;
import org.ztp.transport.Parcel;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankNotice;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RankNotice.Presence;
import org.ztp.transport.RankNotice.Superseded;
import org.ztp.transport.RankNotice.Wanted;
import org.ztp.transport.RankTransport;
import org.ztp.transport.Voice;
import org.ztp.wire.Hash;

/** Seven ranks with a role, of which one or two fall silent, and a spare. */
@Timeout(120)
final class SuccessionTest {
    private static final int GONE = 3;
    private static final int OTHER = 5;
    private static final int SPARE = 7;
    /** No rank of the run. */
    private static final int NOWHERE = 60_000;
    private static final int CLAIMS = 5_000;
    private static final long RUN = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;
    private ClusterDirectory directory;
    private Genesis genesis;
    private RanksOfOneProcess ranks;

    @BeforeEach
    void start() throws Exception {
        create("cluster");
        ranks = new RanksOfOneProcess(directory, configuration(), 1);
    }

    private void create(final String name) throws Exception {
        directory = new ClusterDirectory(temporary.resolve(name));
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L).create(directory.root(), SPARE, SPARE,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
    }

    private static Configuration configuration() {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, "1");
        set.put(Setting.DURABILITY, "memory");
        set.put(Setting.DETECTOR_REPLACE, "3s");
        return Configuration.with(set);
    }

    @AfterEach
    void stop() {
        ranks.close();
    }

    /** The rank that falls silent says first that it is an incarnation, which its key may say. */
    private void claim(final int number) throws Exception {
        try (NodeKey key = directory.readNodeKey(genesis, GONE)) {
            sayToAll(new Presence(Optional.of(claim(key.signingKey(), number, GONE)), 1, Optional.empty()));
        }
    }

    private Claim claim(final SigningKey key, final int number, final int rank) {
        final Incarnation said = new Incarnation(GONE, number, RUN, rank);
        return new Claim(said, key.sign(said.signedBytes(genesis.chain())));
    }

    private void sayToAll(final RankNotice notice) {
        for (int rank = 0; rank <= SPARE; rank++) {
            if (rank != GONE) {
                ranks.say(GONE, rank, new Parcel.Announcing(notice));
            }
        }
    }

    @Test
    void aSpareThatCannotWriteTheSharedDirectoryHasTheRoleAsSoonAsItCan() throws Exception {
        final Path files = Files.createFile(directory.replica(GONE).resolve("incarnations")); // where a directory should be
        ranks.cut(GONE);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.said().stream().anyMatch(line -> line.startsWith(
            "replica 3 cannot be taken over as incarnation 1: ")));
        assertFalse(ranks.succession(SPARE).seat().isDone());
        Files.delete(files);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(new Incarnation(GONE, 1, RUN, SPARE), ranks.succession(SPARE).seat().join().incarnation());
    }

    @Test
    void aMarkThatTheJobBeforeLeftLetsNobodyTakeTheRoleOfARankThatIsLate() throws Exception {
        ranks.close();
        directory.incarnations(GONE).noteEnded(0);
        ranks = new RanksOfOneProcess(directory, Configuration.with(Map.of(Setting.THREADS, "1", Setting.DURABILITY, "memory",
            Setting.DETECTOR_REPLACE, "100s")), 1, Set.of(GONE));
        for (final int rank : new int[] {0, 1, 2, 4, 6, SPARE}) {
            Awaitility.await().atMost(PATIENCE).until(() ->
                ranks.succession(rank).board().elsewhere(OTHER, System.nanoTime()).report().isPresent());
        }
        ranks.cut(OTHER);
        directory.incarnations(OTHER).noteEnded(0);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(OTHER, ranks.succession(SPARE).seat().join().incarnation().role());
        assertEquals(0, ranks.join(GONE).seat().join().incarnation().number());
    }

    @Test
    void aSpareThatHasTakenANumberGoesOnWithItHoweverLongTheRestTakes() throws Exception {
        Files.createDirectories(directory.incarnations(GONE).freshData(1).getParent());
        final Path inTheWay = Files.createFile(directory.incarnations(GONE).freshData(1));
        ranks.cut(GONE);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.said().stream().anyMatch(line -> line.startsWith(
            "replica 3 cannot be taken over as incarnation 1: ") && line.endsWith("; it is tried again")));
        assertEquals(1, directory.incarnations(GONE).current(), "it has the number");
        assertFalse(ranks.succession(SPARE).seat().isDone());
        Files.delete(inTheWay);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(new Incarnation(GONE, 1, RUN, SPARE), ranks.succession(SPARE).seat().join().incarnation());
    }

    @Test
    void aSpareServesItsRoleAsSoonAsTheSleeperBeforeItLetsGoOfTheNodesDirectory() throws Exception {
        ranks.close();
        create("of-nodes");
        final Configuration local = Configuration.with(Map.of(Setting.THREADS, "1", Setting.DURABILITY, "memory", Setting.LOCAL_DIR,
            temporary.resolve("node").toString(), Setting.DETECTOR_REPLACE, "3s"));
        ranks = new RanksOfOneProcess(directory, local, 1);
        ranks.cut(GONE);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        final Service.Options options = new Service.Options(false);
        final StorageException asleep = assertThrows(StorageException.class, () -> Service.start(directory, local, options,
            ranks.succession(SPARE)));
        assertTrue(asleep.getMessage().startsWith("directory is in use: " + temporary.resolve("node")), asleep::getMessage);
        ranks.leave(GONE);
        try (Service served = Service.start(directory, local, options, ranks.succession(SPARE))) {
            assertEquals("", served.over());
        }
    }

    @Test
    void aKeyThatCannotBeReadUsesNoNumberUpAndIsReadAgain() throws Exception {
        final Path key = directory.nodeKey(GONE);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        ranks.cut(GONE);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.said().stream().anyMatch(line -> line.startsWith(
            "replica 3 cannot be taken over as incarnation 1: ") && line.endsWith("; it is tried again")));
        assertEquals(0, directory.incarnations(GONE).current());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(GONE, ranks.succession(SPARE).seat().join().incarnation().role());
    }

    @Test
    void whoTellsOfNumbersThatNobodyReachesEndsNoOtherAndKeepsNoSpare() throws Exception {
        for (int number = Incarnation.AHEAD_MAX; number <= 3 * Incarnation.AHEAD_MAX; number += Incarnation.AHEAD_MAX) {
            final int told = number;
            Awaitility.await().atMost(PATIENCE).until(() -> {
                claim(told); // until it comes between two of what the rank itself says
                return IntStream.range(0, GONE).allMatch(rank -> ranks.succession(rank).incarnation(GONE) == told);
            });
        }
        claim(Incarnation.NUMBER_MAX);
        ranks.cut(GONE);
        ranks.cut(OTHER);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(OTHER, ranks.succession(SPARE).seat().join().incarnation().role());
        for (int rank = 0; rank < GONE; rank++) {
            assertFalse(ranks.succession(rank).over().isDone(), () -> "it goes on");
        }
    }

    @Test
    void whoTellsOfARankThatThereIsNotEndsNoOtherAndIsReplaced() throws Exception {
        try (NodeKey key = directory.readNodeKey(genesis, GONE)) {
            final SigningKey liar = key.signingKey();
            sayToAll(new Superseded(claim(liar, 1, NOWHERE)));
            final Incarnation recorded = new Incarnation(GONE, 2, RUN, NOWHERE);
            submit(liar, new TakeOver(recorded, List.of(new Word(GONE, liar.sign(recorded.signedBytes(genesis.chain()))))).encode());
        }
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(new Incarnation(GONE, 3, RUN, SPARE), ranks.succession(SPARE).seat().join().incarnation());
        try (SigningKey client = SigningKey.generate(new SystemRandomness())) {
            submit(client, new RecordTransaction("", "", new byte[] {1}).encode());
        }
        for (int rank = 0; rank < SPARE; rank++) {
            final int each = rank;
            assertEquals(rank == GONE, ranks.succession(rank).over().isDone(), () -> "rank " + each);
        }
    }

    @Test
    void whoTellsThatASpareHasItsRoleKeepsItFromNoOther() throws Exception {
        try (NodeKey key = directory.readNodeKey(genesis, GONE)) {
            sayToAll(new Superseded(claim(key.signingKey(), 1, SPARE)));
        }
        ranks.cut(OTHER);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.succession(SPARE).seat().isDone());
        assertEquals(OTHER, ranks.succession(SPARE).seat().join().incarnation().role());
    }

    /** The spare, to which the rank of a past incarnation says that it lives as soon as it listens. */
    private record Eager(Presence said) implements RankTransport {
        @Override
        public int rank() {
            return SPARE;
        }

        @Override
        public int size() {
            return SPARE + 1;
        }

        @Override
        public long run() {
            return RUN;
        }

        @Override
        public boolean send(final int to, final Voice voice, final Parcel parcel) {
            return true;
        }

        @Override
        public void receive(final Receiver receiver) {
            receiver.onParcel(GONE, new Voice(GONE, 0), new Parcel.Announcing(said));
        }

        @Override
        public List<PeerState> peers() {
            return List.of();
        }

        @Override
        public boolean close(final long waitNs) {
            return true;
        }
    }

    @Test
    void whatIsSaidOfThePastWhileARankJoinsDoesItNoHarm() throws Exception {
        assertTrue(directory.incarnations(GONE).link(1, 0, false));
        final Presence past;
        try (NodeKey key = directory.readNodeKey(genesis, GONE)) {
            past = new Presence(Optional.of(claim(key.signingKey(), 0, GONE)), 1, Optional.empty());
        }
        try (Succession joined = Succession.join(directory, genesis, configuration(), new Eager(past), line -> { })) {
            assertEquals(1, joined.board().elsewhere(GONE, System.nanoTime()).incarnation());
            assertFalse(joined.over().isDone());
        }
    }

    /** Every other word is another one, so that none is known, and none is signed. */
    private void sayFalseWords(final BooleanSupplier until) {
        for (int number = 1; !until.getAsBoolean(); number = 3 - number) {
            ranks.say(GONE, 0, new Parcel.Announcing(
                new Wanted(new Incarnation(OTHER, number, RUN, SPARE), new byte[64])));
        }
    }

    @Test
    void whoSaysFalseWordsWithoutRestSilencesNoOtherAndKeepsNoneFromItsEnd() throws Exception {
        final AtomicBoolean enough = new AtomicBoolean();
        final Thread liar = new Thread(() -> sayFalseWords(enough::get));
        liar.start();
        try {
            Awaitility.await().atMost(PATIENCE).during(Duration.ofSeconds(4)).until(() ->
                ranks.succession(1).board().silentNs(0, System.nanoTime()) < 2_000_000_000L);
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> ranks.succession(0).close());
        } finally {
            enough.set(true);
            liar.join();
        }
        assertFalse(ranks.succession(SPARE).seat().isDone());
    }

    @Test
    void whatARankSaysOfItselfIsNotCheckedByTheThreadThatBringsIt() throws Exception {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final VoteSignatures signatures = GenesisVoters.signatures(genesis);
        final Incarnation said = new Incarnation(GONE, 1, RUN, GONE);
        final Parcel claimed = new Parcel.Announcing(
            new Presence(Optional.of(new Claim(said, new byte[64])), 1, Optional.empty()));
        long checkingNs = -threads.getCurrentThreadCpuTime();
        for (int i = 0; i < CLAIMS; i++) {
            assertFalse(signatures.check(GONE, said.signedBytes(genesis.chain()), new byte[64]));
        }
        checkingNs += threads.getCurrentThreadCpuTime();
        long sayingNs = -threads.getCurrentThreadCpuTime();
        for (int i = 0; i < CLAIMS; i++) {
            assertTrue(ranks.say(GONE, 0, claimed));
        }
        sayingNs += threads.getCurrentThreadCpuTime();
        assertTrue(sayingNs < checkingNs / 2, "checking=" + checkingNs + " ns saying=" + sayingNs + " ns");
    }

    private void submit(final SigningKey signer, final byte[] transaction) throws Exception {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(signer.verifyKey().bytes()),
            new SystemRandomness().bytes(16), signer::sign);
        builder.add(transaction, 0, transaction.length);
        final Submitted reply = assertInstanceOf(Submitted.class, new LocalConnection(ranks.service(0))
            .call(new ServiceRequest.Submit(builder.seal(0).array())).get(60, TimeUnit.SECONDS));
        assertEquals(Submitted.Status.FINAL, reply.status());
        reply.outcomes().forEach(one -> assertEquals(Outcome.Code.ACCEPTED.code(), one.code(), one::detail));
    }

    @Test
    void allRolesGoOnAtOnceOnOtherNodesAsTheirNextIncarnationsWhichTheLedgerKnows() throws Exception {
        ranks.close();
        final long before = ranks.service(0).finalHeights().get(0);
        for (int role = 0; role < SPARE; role++) {
            Files.writeString(directory.replica(role).resolve(DirectoryLock.FILE_NAME), "9 another-kernel\n");
        }
        ranks = new RanksOfOneProcess(directory, configuration(), 1);
        Awaitility.await().atMost(PATIENCE).until(() -> ranks.service(0).finalHeights().get(0) > before);
        for (int role = 0; role < SPARE; role++) {
            assertEquals(new Incarnation(role, 1, RUN, role), ranks.succession(role).seat().join().incarnation());
            assertFalse(ranks.succession(role).over().isDone());
        }
        assertFalse(ranks.succession(SPARE).seat().isDone());
    }
}
