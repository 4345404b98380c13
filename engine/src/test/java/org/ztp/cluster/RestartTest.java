package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;

/** Restarts as bytes, and whose word they need. */
final class RestartTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final Root ROOT = Root.anew(258, Hash.sha256(new byte[] {2}), 1);
    private static final Voters VOTERS = new Voters(CHAIN, 5, List.of(0, 1, 2, 3), 3,
        (replica, message, signature) -> signature[0] == replica + 1
            && Arrays.equals(message, Restart.signedBytes(CHAIN, 5, ROOT)));

    private static Restart signedBy(final int... replicas) {
        return new Restart(CHAIN, 5, ROOT, Arrays.stream(replicas).mapToObj(replica -> {
            final byte[] signature = new byte[Certificate.Signature.BYTES];
            signature[0] = (byte) (replica + 1);
            return new Certificate.Signature(replica, signature);
        }).toList());
    }

    @Test
    void itsBytesAreThoseOfTheFormat() {
        final byte[] bytes = signedBy(0, 2).encode();
        assertEquals(1 + 32 + 2 + 8 + 32 + 8 + 2 + 2 * 66, bytes.length);
        final String hex = HexFormat.of().formatHex(bytes);
        assertTrue(hex.startsWith("01" + CHAIN), hex);
        assertEquals(98, Restart.signedBytes(CHAIN, 5, ROOT).length);
        assertArrayEquals(bytes, Restart.decode(bytes).orElseThrow().encode());
        for (int length = 0; length < bytes.length; length++) {
            assertTrue(Restart.decode(Arrays.copyOf(bytes, length)).isEmpty());
        }
        assertTrue(Restart.decode(Arrays.copyOf(bytes, bytes.length + 1)).isEmpty());
    }

    @Property(tries = 500)
    void whatIsReadIsWrittenTheSame(@ForAll final byte[] noise, @ForAll final int seed) {
        final byte[] bytes = signedBy(0, 1, 2).encode();
        for (int i = 0; i < noise.length; i++) {
            bytes[Math.floorMod(seed + 31 * i, bytes.length)] ^= noise[i];
        }
        Restart.decode(bytes).ifPresent(read -> assertArrayEquals(bytes, read.encode()));
        Restart.decode(noise).ifPresent(read -> assertArrayEquals(noise, read.encode()));
    }

    @Test
    void aFileThatTheFileSystemDoesNotTellOfIsNotAbsent(@TempDir final Path directory) throws Exception {
        final RestartFiles files = new RestartFiles(new ClusterDirectory(directory));
        assertEquals(Root.genesis(CHAIN), files.root(VOTERS));
        final Path first = files.file(VOTERS, 1);
        Files.createDirectories(first.getParent());
        Files.createSymbolicLink(first, first); // there is no way through: ELOOP, for which Files.exists says no
        assertThrows(IOException.class, () -> files.root(VOTERS));
        Files.delete(first);
        Files.write(first, signedBy(0, 1, 3).encode());
        assertEquals(ROOT.number(), files.root(VOTERS).number());
    }

    @Test
    void itNeedsTheKeysOfAQuorumAndTheNextNumber() {
        assertTrue(signedBy(0, 1, 3).holds(VOTERS, 1));
        assertTrue(signedBy(0, 1, 2, 3).holds(VOTERS, 1));
        assertFalse(signedBy(0, 1).holds(VOTERS, 1));
        assertFalse(signedBy(0, 1, 4).holds(VOTERS, 1), "no member");
        assertFalse(signedBy(0, 1, 3).holds(VOTERS, 2));
    }
}
