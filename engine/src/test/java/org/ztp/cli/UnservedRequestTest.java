package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Request;
import org.ztp.crypto.SystemRandomness;
import org.ztp.wire.Hash;

class UnservedRequestTest {
    private static final Hash SEEKER = Hash.sha256(new byte[] {1});
    private static final Hash OTHER = Hash.sha256(new byte[] {2});
    private static final Request WANTED = new Request(OTHER, new ChunkRange(2, 5), "science", Hash.ZERO, "job 7");
    @TempDir
    private Path directory;
    private Path file;
    private byte[] key;

    @BeforeEach
    void begin() throws IOException {
        file = UnservedRequest.beside(directory.resolve("out"));
        try (UnservedRequest begun = UnservedRequest.begin(file, SEEKER, WANTED, new SystemRandomness())) {
            key = begun.fresh().publicKey().bytes();
        }
    }

    @Test
    void theSameSeekerGoesOnWithTheSameRequestFromAnyJob() throws IOException {
        final Request again = new Request(OTHER, WANTED.chunks(), "science", Hash.ZERO, "job 8");
        try (UnservedRequest left = UnservedRequest.left(file, SEEKER, again).orElseThrow()) {
            assertArrayEquals(key, left.fresh().publicKey().bytes());
            left.forget();
        }
        assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, again));
    }

    @Test
    void anotherSeekerOrRequestDoesNotGoOnWithIt() throws IOException {
        assertEquals(Optional.empty(), UnservedRequest.left(file, OTHER, WANTED));
        for (final Request other : List.of(new Request(SEEKER, WANTED.chunks(), "science", Hash.ZERO, ""),
            new Request(OTHER, new ChunkRange(2, 4), "science", Hash.ZERO, ""),
            new Request(OTHER, WANTED.chunks(), "fun", Hash.ZERO, ""))) {
            assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, other));
        }
    }

    @Test
    void aTornOrChangedFileIsNone() throws IOException {
        final byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, WANTED));
        }
        whole[60] ^= 1; // in the fresh key
        Files.write(file, whole);
        assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, WANTED));
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        final CommandException open = assertThrows(CommandException.class,
            () -> UnservedRequest.left(file, SEEKER, WANTED));
        assertEquals(Exit.USAGE, open.exit());
        assertTrue(open.getMessage().contains("is open to others"), open.getMessage());
    }
}
