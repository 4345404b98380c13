package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.privacy.SharingWorld.CHAIN;
import static org.ztp.privacy.SharingWorld.REQUEST;
import static org.ztp.privacy.SharingWorld.hash;
import static org.ztp.privacy.SharingWorld.key;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.rules.ContractRules;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Outcome.Code;
import org.ztp.ledger.state.MapState;
import org.ztp.merkle.InclusionProof;
import org.ztp.privacy.SingleJoin.Verdict;
import org.ztp.storage.disk.FileDisk;
import org.ztp.wire.Hash;

class SingleSharesTest {
    private static final ChunkRange SOME = new ChunkRange(2, 6);
    private static final ReleaseName NAME = new ReleaseName(CHAIN, REQUEST, 1);

    @TempDir
    private Path dir;
    private SharingWorld world;
    private byte[] content;
    private Publish publish;
    private SeekerPart part;
    private Hash dataset;

    @BeforeEach
    void publishSomething() throws Exception {
        world = new SharingWorld(new FileDisk(dir.resolve("blobs")));
        content = SharingWorld.file(dir.resolve("data"), 10 * SharingWorld.CHUNK);
        publish = world.publish(dir.resolve("data"), SharingWorld.contract(1, 10, "bob"));
        part = publish.part(hash(key("bob"))).orElseThrow();
        dataset = Publish.id(CHAIN, hash(world.owner), publish.nonce());
    }

    @Test
    void aWrongContributionIsFoundItsSenderNamedAndTheReleaseSucceeds() throws Exception {
        final List<byte[]> vectors = new ArrayList<>(List.of(world.vector(0, publish, part, SOME),
            world.vector(1, publish, part, SOME)));
        vectors.get(1)[70] ^= 1;
        final ChunkKeys.Joined joined = ChunkKeys.join(world.context(publish), publish, part, SOME,
            world.accumulate(vectors, 0, 1), key("bob"));
        assertEquals(Optional.empty(), joined.keys());
        assertEquals("the key of chunk 4 is not the one that was committed to", joined.wrong());
        try (SingleJoin join = join()) {
            assertEquals(Verdict.GOOD, join.add(0, world.fresh, message(0, -1)));
            assertEquals(Verdict.WRONG, join.add(1, world.fresh, message(1, 2)));
            assertFalse(join.isEnough());
            assertEquals(Verdict.GOOD, join.add(3, world.fresh, message(3, -1)));
            assertTrue(join.isEnough());
            world.receive(publish, part, SOME, join.vector(), "bob", dir.resolve("out"));
            assertArrayEquals(Arrays.copyOfRange(content, 2 * SharingWorld.CHUNK, 7 * SharingWorld.CHUNK),
                Files.readAllBytes(dir.resolve("out")));
            assertEquals(1, join.evidence().size());
            assertEquals(1, join.evidence().get(0).replica());
            assertEquals(Optional.empty(), refusal(reparsed(join.evidence().get(0))));
        }
    }

    @Test
    void aWrongShareOfTheOpenerIsEvidenceToo() {
        try (SingleJoin join = join()) {
            assertEquals(Verdict.WRONG, join.add(2, world.fresh, message(2, SOME.count())));
            final Evidence evidence = reparsed(join.evidence().get(0));
            assertEquals(Evidence.About.OPENER, evidence.about());
            assertEquals(Optional.empty(), new ShareProof(world.keys).refusal(evidence, SOME, part.opener().root(2),
                1));
        }
    }

    @Test
    void theLedgerNotesTheEvidence() {
        final ContractRules rules = new ContractRules(CHAIN, SharingWorld.REPLICAS, new ShareProof(world.keys));
        final MapState state = new MapState();
        SharingWorld.apply(rules, state, hash(world.owner), publish.encode());
        assertEquals(Code.ALLOWED, SharingWorld.apply(rules, state, hash(key("bob")),
            new Request(dataset, SOME, "", Hash.of(world.fresh.publicKey().bytes()), "").encode()).code());
        try (SingleJoin join = join()) {
            join.add(1, world.fresh, message(1, 0));
            final byte[] evidence = join.evidence().get(0).encode();
            assertEquals("replica 1 sent a wrong share",
                SharingWorld.apply(rules, state, hash(key("bob")), evidence).detail());
        }
    }

    @Test
    void noEvidenceCanBeMadeAgainstAnHonestReplica() {
        final List<byte[]> openings;
        final byte[] signature;
        try (SingleShares shares = SingleShares.open(NAME, 1, world.fresh, world.keys.signing().get(1), SOME.count(),
                message(1, -1)).orElseThrow()) {
            openings = shares.openings(Evidence.About.CHUNK).stream().map(byte[]::clone).toList();
            signature = shares.signature(Evidence.About.CHUNK);
        }
        final var tree = SingleShares.tree(openings);
        final byte[] path = InclusionProof.prove(tree, 3);
        final Hash root = Hash.of(tree.root());
        final Evidence honest = evidence(1, new SignedOpening(5, 3, path, root, signature, openings.get(3)));
        assertEquals(Optional.of("the share is the committed one: replica=1 place=5"), refusal(honest));
        final byte[] forged = openings.get(3).clone();
        forged[40] ^= 1;
        final String unsigned = "replica 1 did not sign this share";
        assertEquals(Optional.of(unsigned), refusal(evidence(1, new SignedOpening(5, 3, path, root, signature,
            forged))));
        assertEquals(Optional.of(unsigned),
            refusal(evidence(1, new SignedOpening(5, 2, path, root, signature, openings.get(3)))));
        assertEquals(Optional.of("replica 2 did not sign this share"), refusal(
            evidence(2, new SignedOpening(5, 3, path, root, signature, openings.get(3)))));
        assertTrue(refusal(evidence(1, new SignedOpening(6, 3, path, root, signature, openings.get(3)))).isPresent());
        assertTrue(refusal(evidence(4, new SignedOpening(5, 3, path, root, signature, openings.get(3)))).isPresent());
        assertTrue(new ShareProof(world.keys).refusal(new Evidence(dataset,
            new TransactionId(REQUEST.bundle(), 9), 1, Evidence.About.CHUNK, new SignedOpening(5, 3, path, root, signature,
                openings.get(3))), SOME, publish.shares().root(1), 10).isPresent());
    }

    @Test
    void messagesOfOthersOrForOtherReleasesShowNothing() {
        final byte[] good = message(1, -1);
        try (SingleJoin join = join()) {
            assertEquals(Verdict.UNREADABLE, join.add(2, world.fresh, good));
            final Random random = new Random(3);
            for (int round = 0; round < 50; round++) {
                final byte[] altered = good.clone();
                altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
                assertEquals(Verdict.UNREADABLE, join.add(1, world.fresh, altered));
            }
            assertEquals(Verdict.UNREADABLE, join.add(1, world.fresh, new byte[0]));
            assertEquals(List.of(), join.evidence());
        }
        assertEquals(Optional.empty(), SingleShares.open(new ReleaseName(CHAIN, REQUEST, 2), 1, world.fresh,
            world.keys.signing().get(1), SOME.count(), good));
        assertEquals(Optional.empty(), SingleShares.open(NAME, 1, world.fresh, world.keys.signing().get(1), 4, good));
        assertEquals(Optional.empty(), SingleShares.open(NAME, 1, world.fresh, world.keys.signing().get(0), 5, good));
    }

    /** What a replica sends; the opening of this place has another share, unless it is negative. */
    private byte[] message(final int replica, final int wrong) {
        try (X25519PrivateKey node = world.nodes.get(replica).toX25519();
                ReplicaShares shares = ReplicaShares.open(world.context(publish), replica, node,
                    publish).orElseThrow()) {
            final List<ShareOpening> openings = new ArrayList<>(shares.openings(SOME, part).orElseThrow());
            if (wrong >= 0) {
                final byte[] bytes = openings.get(wrong).encode();
                bytes[40] ^= 4;
                openings.set(wrong, ShareOpening.decode(bytes).orElseThrow());
            }
            return SingleShares.seal(NAME, replica, world.nodes.get(replica), openings, world.fresh.publicKey(),
                new SystemRandomness());
        }
    }

    private SingleJoin join() {
        return new SingleJoin(world.keys, NAME, dataset, publish, part, SOME);
    }

    private Evidence evidence(final int replica, final SignedOpening proof) {
        return new Evidence(dataset, REQUEST, replica, Evidence.About.CHUNK, proof);
    }

    private Optional<String> refusal(final Evidence evidence) {
        return new ShareProof(world.keys).refusal(evidence, SOME,
            publish.shares().root(Math.min(evidence.replica(), SharingWorld.REPLICAS - 1)), 10);
    }

    private static Evidence reparsed(final Evidence evidence) {
        final byte[] bytes = evidence.encode();
        return Evidence.parse(bytes, 0, bytes.length).orElseThrow();
    }
}
