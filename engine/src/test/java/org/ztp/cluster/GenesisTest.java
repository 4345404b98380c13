package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.ztp.crypto.SigningKey;
import org.ztp.wire.Hash;

class GenesisTest {
    private final Genesis genesis = of(9, 4);

    @Test
    void whatIsWrittenIsReadBack() throws GenesisException {
        final Genesis read = GenesisText.parse(genesis.format());
        assertEquals(genesis.chain(), read.chain());
        assertArrayEquals(genesis.encode(), read.encode());
        assertEquals(9, read.replicas().size());
    }

    @Test
    void whatIsWrittenIsTheSameInEveryLocale() {
        final String text = genesis.format();
        final Locale before = Locale.getDefault(Locale.Category.FORMAT);
        try {
            Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("fa-IR-u-nu-arabext"));
            assertEquals(text, genesis.format());
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, before);
        }
    }

    @Test
    void theNameOfAKnownGenesisStaysAsItIs() {
        assertEquals("1b087d8d90aec70a4e336c89ed9b951acb781d81b9c9a47621eaf79440686149", genesis.chain().toString());
    }

    @Test
    void layoutAndCommentsDoNotChangeTheName() throws GenesisException {
        final String other = genesis.format().replaceAll("(?m)^#.*$", "").replace("replica-3", "another comment")
            .replace(", ", "\n");
        assertEquals(genesis.chain(), GenesisText.parse(other).chain());
    }

    @Test
    void everyFieldChangesTheName() {
        final List<GenesisReplica> moved = new ArrayList<>(genesis.replicas());
        final GenesisReplica eight = moved.get(8);
        moved.set(8, new GenesisReplica(8, 0, eight.signingKey(), eight.sealingKey()));
        for (final Genesis other : List.of(
            new Genesis(genesis.createdMillis() + 1, genesis.salt(), genesis.limits(), genesis.replicas()),
            new Genesis(genesis.createdMillis(), Hash.ZERO, genesis.limits(), genesis.replicas()),
            new Genesis(genesis.createdMillis(), genesis.salt(), new Genesis.Limits(4096, 65_536), genesis.replicas()),
            new Genesis(genesis.createdMillis(), genesis.salt(), genesis.limits(), moved))) {
            assertNotEquals(genesis.chain(), other.chain());
        }
    }

    @Test
    void whatIsNotExactlyAGenesisIsRefused() {
        final String text = genesis.format();
        assertWrong(text.replace("version = 1", "version = 2"), "version: expected=1 actual=2");
        assertWrong(text + "extra = 1\n", "keys expected=");
        assertWrong(text.replaceFirst("salt = .*", ""), "keys expected=");
        assertWrong(text.replaceFirst("salt = .*", "salt = \"00\""), "64 hexadecimal digits");
        assertWrong(text.replaceFirst("id = 3", "id = 4"), "replica id: expected=3 actual=4");
        assertWrong(text.replaceFirst("id = 8, sub-cluster = 1", "id = 8, sub-cluster = 2"), "sub-cluster 2");
        assertWrong(text.replaceFirst("ssh-ed25519 ....", "ssh-ed25519 BBBB"), "key");
        for (final String included : List.of("\"%s\"", "file(\"%s\")", "url(\"file:%s\")", "classpath(\"%s\")",
            "required(file(\"%s\"))")) {
            assertWrong(text + "include " + included.formatted("/etc/passwd") + "\n", "may not include");
        }
        assertWrong(text.replaceFirst("created = .*", "created = yesterday"), "yesterday");
        assertWrong(text.replaceFirst("bundle-bytes = [0-9]+", "bundle-bytes = 1"), "limits.bundle-bytes");
        assertWrong("{", "");
        assertWrong("", "keys expected=");
    }

    @Test
    void twoReplicasMayNotShareAKey() {
        final List<GenesisReplica> replicas = new ArrayList<>(genesis.replicas());
        replicas.set(1, new GenesisReplica(1, 0, replicas.get(0).signingKey(), replicas.get(1).sealingKey()));
        assertThrows(IllegalArgumentException.class,
            () -> new Genesis(0, Hash.ZERO, Genesis.Limits.DEFAULT, replicas));
    }

    @Test
    void leftOverReplicasJoinTheLastSubCluster() {
        assertEquals(List.of(0, 1, 2, 3), genesis.subClusters().get(0).members());
        assertEquals(List.of(4, 5, 6, 7, 8), genesis.subClusters().get(1).members());
        assertEquals(1, genesis.subClusterOf(8).id());
        assertThrows(IllegalArgumentException.class, () -> Genesis.layOut(3, 3));
        assertThrows(IllegalArgumentException.class, () -> Genesis.layOut(8, 3));
        assertThrows(IllegalArgumentException.class, () -> Genesis.layOut(8, 9));
        assertEquals(255, Genesis.layOut(255, 255).length);
        assertThrows(IllegalArgumentException.class, () -> Genesis.layOut(256, 256));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Genesis.layOut(399, 200)).getMessage()
            .contains("left over: expected=4 .. 255 actual=399"));
    }

    @Test
    void quorumsShareAnHonestMember() {
        for (int n = 4; n <= 200; n++) {
            final SubCluster cluster = of(n, n).subClusters().get(0);
            assertEquals(n, cluster.size());
            assertTrue(n >= 3 * cluster.faults() + 1);
            assertTrue(2 * cluster.quorum() - n >= cluster.faults() + 1);
            assertEquals((int) Math.ceil((n + cluster.faults() + 1) / 2.0), cluster.quorum());
            assertTrue(n - cluster.faults() >= cluster.quorum());
            if (n > 20) {
                n += 17;
            }
        }
        assertEquals(5, genesis.subClusters().get(1).leader(11));
    }

    static Genesis of(final int replicas, final int subClusterSize) {
        final int[] subClusters = Genesis.layOut(replicas, subClusterSize);
        final List<GenesisReplica> list = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            final byte[] seed = new byte[32];
            Arrays.fill(seed, (byte) (i + 1));
            final SigningKey key = SigningKey.ofSeed(seed);
            list.add(new GenesisReplica(i, subClusters[i], key.verifyKey(), key.verifyKey().toX25519()));
        }
        return new Genesis(1_700_000_000_123L, Hash.sha256(new byte[] {7}), Genesis.Limits.DEFAULT, list);
    }

    private static void assertWrong(final String text, final String expected) {
        final GenesisException thrown = assertThrows(GenesisException.class, () -> GenesisText.parse(text));
        assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    }
}
