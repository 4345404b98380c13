package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.privacy.SharingWorld.hash;
import static org.ztp.privacy.SharingWorld.key;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.ContractRules;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.state.MapState;
import org.ztp.storage.blob.BlobId;
import org.ztp.storage.disk.FileDisk;
import org.ztp.wire.Hash;

class SharingTest {
    private static final int BYTES = 10 * SharingWorld.CHUNK - 1000;
    private static final ChunkRange ALL = ChunkRange.all(10);

    @TempDir
    private Path dir;
    private SharingWorld world;
    private Path file;
    private byte[] content;

    @BeforeEach
    void publishSomething() throws IOException {
        world = new SharingWorld(new FileDisk(dir.resolve("blobs")));
        file = dir.resolve("data");
        content = SharingWorld.file(file, BYTES);
    }

    @Test
    void aSeekerGetsWhatTheOwnerPublished() throws Exception {
        final Publish publish = reparsed(world.publish(file, SharingWorld.contract(1, 10, "bob")));
        final SeekerPart part = publish.part(hash(key("bob"))).orElseThrow();
        final Path out = dir.resolve("out");
        world.receive(publish, part, ALL, world.release(publish, part, ALL, 1, 3), "bob", out);
        assertArrayEquals(content, Files.readAllBytes(out));
        assertEquals(List.of("blobs", "data", "out"), names(dir));
        final ChunkRange some = new ChunkRange(3, 5);
        world.receive(publish, part, some, world.release(publish, part, some, 0, 2, 3), "bob", out);
        assertArrayEquals(Arrays.copyOfRange(content, 3 * SharingWorld.CHUNK, 6 * SharingWorld.CHUNK),
            Files.readAllBytes(out));
    }

    @Test
    void theLedgerTakesWhatIsPublishedAndGranted() throws Exception {
        final Publish publish = world.publish(file, SharingWorld.contract(1, 10, "bob"));
        final ContractRules rules = new ContractRules(SharingWorld.CHAIN, SharingWorld.REPLICAS,
            new ShareProof(world.keys));
        final MapState state = new MapState();
        assertEquals("", SharingWorld.apply(rules, state, hash(world.owner), publish.encode()).detail());
        final Hash dataset = Publish.id(SharingWorld.CHAIN, hash(world.owner), publish.nonce());
        final Grant grant = new Granting(world.keys, new SystemRandomness()).grant(publish, world.owner,
            SharingWorld.contract(2, 10, "bob", "carol"), Map.of(hash(key("bob")), List.of(ALL)));
        assertEquals(dataset, grant.dataset());
        assertEquals("contract version 2, seekers revoked: 0",
            SharingWorld.apply(rules, state, hash(world.owner), grant.encode()).detail());
        assertEquals(2, new SharingState(state).version(dataset));
    }

    @Test
    void seekersHaveTheirRangesOnly() throws Exception {
        final Contract contract = new Contract(1, List.of(
            new Clause(ALL, SharingWorld.people("bob"), Rules.NONE),
            new Clause(new ChunkRange(2, 3), SharingWorld.people("carol"), Rules.NONE),
            new Clause(new ChunkRange(7, 9), SharingWorld.people("bob", "carol"), Rules.NONE)));
        final Publish publish = reparsed(world.publish(file, contract));
        final SeekerPart bob = publish.part(hash(key("bob"))).orElseThrow();
        final SeekerPart carol = publish.part(hash(key("carol"))).orElseThrow();
        assertEquals(List.of(new ChunkRange(0, 1), new ChunkRange(4, 9)), bob.ranges());
        final ChunkRange end = new ChunkRange(8, 9);
        final Path out = dir.resolve("out");
        for (final SeekerPart part : List.of(bob, carol)) {
            world.receive(publish, part, end, world.release(publish, part, end, 0, 1), part == bob ? "bob" : "carol",
                out);
            assertArrayEquals(Arrays.copyOfRange(content, 8 * SharingWorld.CHUNK, BYTES), Files.readAllBytes(out));
        }
        final ChunkRange forbidden = new ChunkRange(2, 2);
        final byte[] released = world.release(publish, bob, forbidden, 0, 1);
        assertThrows(IllegalArgumentException.class,
            () -> ChunkKeys.join(world.context(publish), publish, bob, forbidden, released, key("bob")));
    }

    @Test
    void aNewSeekerIsGrantedFromTheOwnersKeyAlone() throws Exception {
        final Publish publish = reparsed(world.publish(file, SharingWorld.contract(1, 10, "bob")));
        final Granting granting = new Granting(world.keys, new SystemRandomness());
        final Grant grant = granting.grant(publish, world.owner, SharingWorld.contract(2, 10, "bob", "dan"),
            Map.of(hash(key("bob")), List.of(ALL)));
        assertEquals(1, grant.parts().size());
        final byte[] bytes = grant.encode();
        final SeekerPart part = Grant.parse(bytes, 0, bytes.length).orElseThrow().part(hash(key("dan"))).orElseThrow();
        final Path out = dir.resolve("out");
        world.receive(publish, part, ALL, world.release(publish, part, ALL, 2, 3), "dan", out);
        assertArrayEquals(content, Files.readAllBytes(out));
        final SharingException refused = assertThrows(SharingException.class, () -> granting.grant(publish, key("eve"),
            SharingWorld.contract(2, 10, "eve"), Map.of()));
        assertEquals(SharingException.Kind.BAD_INPUT, refused.kind());
    }

    @Test
    void anothersKeyOpensNothing() throws Exception {
        final Publish publish = world.publish(file, SharingWorld.contract(1, 10, "bob", "carol"));
        final SeekerPart part = publish.part(hash(key("bob"))).orElseThrow();
        final ChunkKeys.Joined joined = ChunkKeys.join(world.context(publish), publish, part, ALL,
            world.release(publish, part, ALL, 0, 1), key("carol"));
        assertEquals(Optional.empty(), joined.keys());
        assertEquals("the opener does not open the second halves", joined.wrong());
    }

    /**
     * All nodes put everything together that they have: node keys, the ledger, first halves, openers and ciphertexts.
     */
    @Test
    void allReplicasTogetherOpenNoChunkWithoutTheSeekersKey() throws Exception {
        final Publish publish = reparsed(world.publish(file, SharingWorld.contract(1, 10, "bob")));
        final SeekerPart part = publish.part(hash(key("bob"))).orElseThrow();
        for (final SigningKey node : world.nodes) {
            assertEquals(Optional.empty(), ChunkKeys.join(world.context(publish), publish, part, ALL,
                world.release(publish, part, ALL, 0, 1, 2, 3), node).keys());
        }
        final byte[] together = world.release(publish, part, ALL, 0, 1, 2, 3);
        final ByteBuffer sealed = ByteBuffer.allocate(SharingWorld.CHUNK + ChunkCipher.OVERHEAD_BYTES);
        assertTrue(world.store.read(new BlobId(publish.blob(0).toBytes()), sealed).isValid());
        final byte[] opened = new byte[SharingWorld.CHUNK];
        for (int at = 0; at + KeyVector.ENTRY_BYTES <= together.length; at += KeyVector.ENTRY_BYTES) {
            assertTrue(new ChunkCipher(publish.nonce(), 10).decrypt(0, together, at, sealed.array(), sealed.capacity(),
                opened, 0) < 0);
            assertFalse(new KeyCommitments(publish.nonce()).matches(0, together, at,
                Hash.copyOf(publish.commitments(), 0)));
        }
    }

    @Test
    void boxesCopiedIntoAnothersDatasetAreWorthNothing() throws Exception {
        final Publish publish = world.publish(file, SharingWorld.contract(1, 10, "bob"));
        try (X25519PrivateKey node = world.nodes.get(0).toX25519()) {
            assertTrue(ReplicaShares.open(world.context(publish), 0, node, publish).isPresent());
            assertFalse(ReplicaShares.open(world.keys.context(hash(key("bob")), publish), 0, node,
                publish).isPresent());
        }
    }

    @Test
    void aShareIsSentSinglyWithoutAHashOfEveryOther() throws Exception {
        final int chunks = 3_000;
        SharingWorld.file(file, chunks * SharingWorld.CHUNK);
        final Publish publish = world.publish(file, SharingWorld.contract(1, chunks, "bob"));
        final SeekerPart part = publish.part(hash(key("bob"))).orElseThrow();
        try (X25519PrivateKey node = world.nodes.get(2).toX25519();
                ReplicaShares shares = ReplicaShares.open(world.context(publish), 2, node, publish).orElseThrow()) {
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final ChunkRange one = new ChunkRange(1_234, 1_234);
            shares.openings(one, part).orElseThrow().forEach(ShareOpening::close); // ciphers are set up
            final long before = threads.getCurrentThreadAllocatedBytes();
            final List<ShareOpening> openings = shares.openings(one, part).orElseThrow();
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(openings.get(0).matches(publish.shares().root(2), chunks));
            assertTrue(bytes < chunks * 64L, bytes + " bytes");
        }
    }

    @Test
    void aReplicaNoticesSharesThatAreNotTheCommittedOnes() throws Exception {
        final Publish good = world.publish(file, SharingWorld.contract(1, 10, "bob"));
        final Publish other = world.publish(file, SharingWorld.contract(1, 10, "bob"));
        final Publish bad = new Publish(good.nonce(), good.dataset(), good.ownerBox(), good.blobs(), good.commitments(),
            new ReplicaBoxes(other.shares().roots(), good.shares().boxes()), good.contract(),
            good.parts());
        try (X25519PrivateKey node = world.nodes.get(1).toX25519();
                ReplicaShares shares = ReplicaShares.open(world.context(good), 1, node, good).orElseThrow()) {
            assertFalse(ReplicaShares.open(world.context(good), 1, node, bad).isPresent());
            final SeekerPart part = good.part(hash(key("bob"))).orElseThrow();
            final SeekerPart wrong = new SeekerPart(part.seeker(), part.ranges(),
                new ReplicaBoxes(other.parts().get(0).opener().roots(),
                    part.opener().boxes()), part.box());
            assertEquals(Optional.empty(), shares.vector(ALL, wrong));
            assertEquals(Optional.empty(), shares.openings(ALL, other.parts().get(0)));
            assertTrue(shares.vector(ALL, part).isPresent());
        }
    }

    @Test
    void progressTellsEveryByte() throws Exception {
        final AtomicLong published = new AtomicLong();
        final Publish publish = world.publishing(3).publish(file, "data", SharingWorld.CHUNK, world.owner.verifyKey(),
            SharingWorld.contract(1, 10), published::addAndGet);
        assertEquals(BYTES, published.get());
        assertEquals(List.of(), publish.parts());
    }

    @Test
    void aWithdrawnDatasetLeavesNoBlobs() throws Exception {
        final Publish publish = world.publish(file, SharingWorld.contract(1, 10, "bob"));
        assertEquals(10, blobs());
        world.publishing(1).withdraw(publish);
        assertEquals(0, blobs());
    }

    private long blobs() throws IOException {
        try (var files = Files.walk(dir.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static Publish reparsed(final Publish publish) {
        final byte[] bytes = publish.encode();
        return Publish.parse(bytes, 0, bytes.length).orElseThrow();
    }

    private static List<String> names(final Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
