package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Request;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.wire.Hash;

class UnservedRequestTest {
    private static final SigningKey SEEKER = SigningKey.ofSeed(Hash.sha256(new byte[] {1}).toBytes());
    private static final SigningKey OTHER = SigningKey.ofSeed(Hash.sha256(new byte[] {2}).toBytes());
    private static final Hash DATASET = Hash.sha256(new byte[] {3});
    private static final Request WANTED = new Request(DATASET, new ChunkRange(2, 5), "science", Hash.ZERO, "job 7");
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
        final Request again = new Request(DATASET, WANTED.chunks(), "science", Hash.ZERO, "job 8");
        try (UnservedRequest left = UnservedRequest.left(file, SEEKER, again).orElseThrow()) {
            assertArrayEquals(key, left.fresh().publicKey().bytes());
            left.forget();
        }
        assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, again));
    }

    /** Two of one job array that write the same output would use up two requests, or one would delete the other's. */
    @Test
    void oneCommandAtATimeHasIt() throws IOException {
        try (UnservedRequest first = UnservedRequest.left(file, SEEKER, WANTED).orElseThrow()) {
            final Request other = new Request(Hash.ZERO, WANTED.chunks(), "science", Hash.ZERO, "");
            for (final Executable second : List.<Executable>of(() -> UnservedRequest.left(file, SEEKER, WANTED),
                () -> UnservedRequest.begin(file, SEEKER, other, new SystemRandomness()))) {
                assertEquals(Exit.UNAVAILABLE, assertThrows(CommandException.class, second).exit());
            }
            first.forget();
        }
        try (UnservedRequest begun = UnservedRequest.begin(file, SEEKER, WANTED, new SystemRandomness())) {
            assertEquals(Exit.UNAVAILABLE, assertThrows(CommandException.class,
                () -> UnservedRequest.left(file, SEEKER, WANTED)).exit());
            assertArrayEquals(new String[] {file.getFileName().toString()}, directory.toFile().list());
            assertEquals(file, begun.file());
        }
        UnservedRequest.left(file, SEEKER, WANTED).orElseThrow().close();
    }

    @Test
    void whatAnotherCommandPutInItsPlaceIsNotForgotten() throws IOException {
        try (UnservedRequest first = UnservedRequest.left(file, SEEKER, WANTED).orElseThrow()) {
            Files.delete(file);
            UnservedRequest.begin(file, SEEKER, WANTED, new SystemRandomness()).close();
            first.forget();
        }
        UnservedRequest.left(file, SEEKER, WANTED).orElseThrow().close();
    }

    @Test
    void anotherSeekerOrRequestDoesNotGoOnWithIt() throws IOException {
        assertEquals(Optional.empty(), UnservedRequest.left(file, OTHER, WANTED));
        for (final Request other : List.of(new Request(Hash.ZERO, WANTED.chunks(), "science", Hash.ZERO, ""),
            new Request(DATASET, new ChunkRange(2, 4), "science", Hash.ZERO, ""),
            new Request(DATASET, WANTED.chunks(), "fun", Hash.ZERO, ""))) {
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
        for (int i = 0; i < whole.length; i++) {
            final byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, WANTED), "byte " + i);
        }
    }

    /** Whoever was a seeker once reads with the fresh key alone what is released for it. */
    @Test
    void theFreshKeyIsReadByItsSeekerAlone() throws IOException {
        final byte[] secret = new byte[X25519PrivateKey.BYTES];
        final Path again = directory.resolve("again");
        UnservedRequest.begin(again, SEEKER, WANTED, (out, offset, length) -> {
            Arrays.fill(out, offset, offset + length, (byte) 7);
        }).close();
        Arrays.fill(secret, (byte) 7);
        final String text = HexFormat.of().formatHex(Files.readAllBytes(again));
        assertFalse(text.contains(HexFormat.of().formatHex(secret)), text);
    }

    /** One who may write in the directory puts a fresh key of its own there, in the seeker's name. */
    @Test
    void whatAnotherPutThereIsGivenUpWhateverItsMode() throws IOException {
        final byte[] own = Files.readAllBytes(file);
        UnservedRequest.begin(file, OTHER, WANTED, new SystemRandomness()).close();
        final byte[] others = Files.readAllBytes(file);
        System.arraycopy(own, 0, others, 0, Hash.BYTES);
        Files.write(file, others);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Optional.empty(), UnservedRequest.left(file, SEEKER, WANTED));
        Files.write(file, own);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        UnservedRequest.left(file, SEEKER, WANTED).orElseThrow().close();
    }
}
