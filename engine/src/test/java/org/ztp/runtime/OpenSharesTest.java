package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.ReplicaShares;
import org.ztp.privacy.ShareBox;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.wire.Hash;

/** What is open is not opened again; what is pushed out, and everything at the end, is overwritten. */
final class OpenSharesTest {
    private static final ChunkRange BOTH = new ChunkRange(0, 1);
    private static final int BYTES = 64;

    @TempDir
    private Path directory;
    private final List<SigningKey> nodes =
        IntStream.range(0, 4).mapToObj(node -> SigningKey.generate(new SystemRandomness())).toList();
    private final SigningKey owner = SigningKey.generate(new SystemRandomness());
    private int opened;

    private static TransactionId name(final int number) {
        return new TransactionId(Hash.sha256(new byte[] {(byte) number}), 0);
    }

    private static ShareBox opener() {
        return new ShareBox(new byte[32], new SystemRandomness().bytes(32));
    }

    private static OpenShares.OpenerName openerName(final int number) {
        return new OpenShares.OpenerName(name(number), Hash.ZERO);
    }

    /** The shares of the first replica of a dataset of two chunks. */
    private ReplicaShares shares() throws Exception {
        final SubClusterKeys keys = new SubClusterKeys(Hash.sha256(new byte[] {1}),
            nodes.stream().map(SigningKey::verifyKey).toList(),
            nodes.stream().map(node -> node.verifyKey().toX25519()).toList());
        final Path file = Files.write(directory.resolve("file"), new byte[5_000]);
        final Hash who = Hash.of(owner.verifyKey().bytes());
        final Publish publish = new Publishing(keys, new BlobStore(new FileDisk(directory.resolve("blobs")), "test"),
            new SystemRandomness(), 1).publish(file, "file", 4_096, owner.verifyKey(), new Contract(1, List.of(
                new Clause(BOTH, List.of(Identity.of(who, "owner")), Rules.NONE))), bytes -> { });
        try (X25519PrivateKey node = nodes.get(0).toX25519()) {
            return ReplicaShares.open(keys.context(who, publish), 0, node, publish).orElseThrow();
        }
    }

    private Optional<ReplicaShares> open(final OpenShares open, final int number, final ReplicaShares shares) {
        return open.use(name(number), () -> {
            opened++;
            return Optional.of(shares);
        }, Optional::of);
    }

    private static boolean isOverwritten(final ReplicaShares shares, final ShareBox opener) {
        final byte[] vector = shares.vector(BOTH, opener);
        return IntStream.range(0, BYTES).allMatch(i -> vector[i] == 0);
    }

    @Test
    void theOldestDatasetMakesRoomAndIsOverwritten() throws Exception {
        final List<ReplicaShares> datasets = new ArrayList<>(List.of(shares(), shares(), shares()));
        final ShareBox opener = opener();
        final OpenShares open = new OpenShares(2 * datasets.get(0).bytes(), 1);
        for (int i = 0; i < 2; i++) {
            assertSame(datasets.get(i), open(open, i, datasets.get(i)).orElseThrow());
        }
        assertSame(datasets.get(0), open(open, 0, datasets.get(2)).orElseThrow(), "it is open");
        open(open, 2, datasets.get(2));
        assertEquals(3, opened);
        assertFalse(isOverwritten(datasets.get(0), opener));
        assertTrue(isOverwritten(datasets.get(1), opener), "the one that was used before both others");
        assertFalse(isOverwritten(datasets.get(2), opener));
        open.close();
        datasets.forEach(dataset -> assertTrue(isOverwritten(dataset, opener)));
    }

    @Test
    void aDatasetIsUsedWhileAnotherIsOpenedAndTheSameIsKeptOnce() throws Exception {
        final ReplicaShares first = shares();
        final ReplicaShares slow = shares();
        final ReplicaShares again = shares();
        final OpenShares open = new OpenShares(Long.MAX_VALUE, 1);
        open(open, 0, first);
        final Optional<ReplicaShares> kept = open.use(name(1), () -> {
            final CompletableFuture<Optional<ReplicaShares>> other = CompletableFuture.supplyAsync(
                () -> open(open, 0, again));
            assertSame(first, other.orTimeout(30, TimeUnit.SECONDS).join().orElseThrow());
            assertSame(again, CompletableFuture.supplyAsync(() -> open(open, 1, again)).join().orElseThrow());
            return Optional.of(slow);
        }, Optional::of);
        assertSame(again, kept.orElseThrow());
        final ShareBox opener = opener();
        assertTrue(isOverwritten(slow, opener));
        assertFalse(isOverwritten(again, opener));
        open.close();
    }

    @Test
    void oneDatasetIsKeptHoweverLargeItIs() throws Exception {
        final ReplicaShares shares = shares();
        final OpenShares open = new OpenShares(1, 1);
        open(open, 0, shares);
        open(open, 0, shares);
        assertEquals(1, opened);
        open.close();
    }

    @Test
    void theOldestOpenerMakesRoomAndIsOverwritten() {
        final ShareBox first = opener();
        final OpenShares open = new OpenShares(1, 1);
        open.opener(openerName(0), () -> Optional.of(first));
        final ShareBox second = opener();
        open.opener(openerName(1), () -> Optional.of(second));
        final byte[] share = new byte[32];
        first.copyShares(0, 1, share, 0);
        assertArrayEquals(new byte[32], share);
        assertSame(second, open.opener(openerName(1), Optional::empty).orElseThrow());
        assertEquals(Optional.empty(), open.opener(openerName(0), Optional::empty), "it was pushed out");
        open.close();
    }
}
