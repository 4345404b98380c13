package org.ztp.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.Partial;
import org.ztp.contract.ChunkRange;
import org.ztp.crypto.SeededRandomness;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.Declined;
import org.ztp.release.ReleaseMessage.PartialHere;
import org.ztp.release.ReleaseMessage.Singly;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

class ReleaseCodecTest {
    private static final Hash ID = Hash.sha256(new byte[] {9});
    private static final Hash TERMS = Hash.sha256(new byte[] {8});

    private static List<ReleaseMessage> samples() {
        final BitSet contributors = new BitSet();
        contributors.set(1);
        return List.of(
            new Call(Shared.REQUEST, 5, 2, TERMS, 96, 7_000_000_000L,
                new AccumulationPlan(ID, 3, List.of(5, 8, 11), 8, true, 3, 4)),
            new PartialHere(new Partial<>(ID, 3, 8, contributors, new SeededRandomness(1).bytes(96))),
            new Declined(ID, 3, Standing.Reason.CLOSED),
            new SinglyCall(Shared.REQUEST, 5, TERMS, new ChunkRange(2, 4), 9),
            new Singly(ID, new byte[] {1, 2, 3}));
    }

    @Test
    void eachMessageComesBack() {
        for (final ReleaseMessage message : samples()) {
            final byte[] bytes = encode(message);
            assertArrayEquals(bytes, encode(decode(bytes).orElseThrow()));
            assertEquals(message.getClass(), decode(bytes).orElseThrow().getClass());
        }
    }

    @Test
    void theBytesStayWhatTheyAre() {
        assertEquals("03" + ID + "03000000" + "04", HexFormat.of().formatHex(encode(samples().get(2))));
        assertEquals("04" + Shared.REQUEST.bundle() + "07000000" + "0500000000000000" + TERMS + "0200000004000000"
            + "0900000000000000", HexFormat.of().formatHex(encode(samples().get(3))));
        assertEquals("05" + ID + "03000000010203", HexFormat.of().formatHex(encode(samples().get(4))));
    }

    @Test
    void aCutOrProlongedMessageIsNone() {
        for (final ReleaseMessage message : samples()) {
            final byte[] bytes = encode(message);
            for (int length = 0; length < bytes.length; length++) {
                assertTrue(decode(Arrays.copyOf(bytes, length)).isEmpty());
            }
            assertTrue(decode(Arrays.copyOf(bytes, bytes.length + 1)).isEmpty());
        }
    }

    @Test
    void anyBytesAreAMessageWithThatEncodingOrNone() {
        final Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = encode(samples().get(i % 5));
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decode(bytes).ifPresent(message -> assertArrayEquals(bytes, encode(message)));
        }
    }

    @Test
    void sizesBeyondTheLimitsAreRefusedBeforeAnythingIsAllocated() {
        final byte[] vector = new WireWriter().u8(2).u32(ReleaseLimits.MAX_VECTOR_BYTES + 32).toBytes();
        assertTrue(decode(vector).isEmpty());
        final byte[] sealed = new WireWriter().u8(5).hash(ID).u32(ReleaseLimits.MAX_SEALED_BYTES + 1).toBytes();
        assertTrue(decode(sealed).isEmpty());
        assertTrue(decode(encode(new SinglyCall(Shared.REQUEST, 5, TERMS,
            new ChunkRange(0, ReleaseLimits.MAX_SINGLE_CHUNKS), 9))).isEmpty());
        assertTrue(decode(encode(new Call(Shared.REQUEST, 5, Call.MAX_ROUND + 1, TERMS, 96, 7,
            new AccumulationPlan(ID, 3, List.of(5, 8), 8, true, 2, 4)))).isEmpty());
    }

    @Test
    void aVectorOfAHundredThousandChunksComesBack() {
        final BitSet contributors = new BitSet();
        contributors.set(0, 6);
        final byte[] vector = new SeededRandomness(2).bytes(100_001 * 32);
        final PartialHere here = (PartialHere) decode(encode(
            new PartialHere(new Partial<>(ID, 0, 5, contributors, vector)))).orElseThrow();
        assertArrayEquals(vector, here.partial().value());
        assertEquals(contributors, here.partial().contributors());
    }

    private static byte[] encode(final ReleaseMessage message) {
        final WireWriter out = new WireWriter();
        ReleaseCodec.encode(message, out);
        return out.toBytes();
    }

    private static Optional<ReleaseMessage> decode(final byte[] bytes) {
        return ReleaseCodec.decode(bytes, 0, bytes.length);
    }
}
