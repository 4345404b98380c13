package org.ztp.accumulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

class MessageCodecTest {
    private static final XorVector XOR = new XorVector(3);
    private static final AccumulationPlan PLAN =
            new AccumulationPlan(Hash.sha256(new byte[0]), 7, List.of(2, 300, 65_535), 300, false, 2, 4);

    @Test
    void aPlanSurvivesItsEncodingAndNoOtherBytesGiveIt() {
        byte[] bytes = bytes(PLAN);
        assertEquals(32 + 4 + 2 + 1 + 2 + 4 + 2 + 3 * 2, bytes.length);
        assertEquals(Optional.of(PLAN), AccumulationPlan.decode(new WireReader(bytes)));
        assertOneEncoding(bytes, in -> AccumulationPlan.decode(in).map(MessageCodecTest::bytes));
    }

    @Test
    void aPartialSurvivesItsEncodingAndNoOtherBytesGiveIt() {
        byte[] bytes = bytes(new Partial<>(PLAN.id(), 7, 65_535, bits(0, 2, 8), new byte[] {1, 2, 3}));
        assertEquals(32 + 4 + 2 + 4 + 2 + 4 + 3, bytes.length);
        assertArrayEquals(bytes, Partial.decode(XOR, new WireReader(bytes)).map(MessageCodecTest::bytes).orElseThrow());
        assertOneEncoding(bytes, in -> Partial.decode(XOR, in).map(MessageCodecTest::bytes));
    }

    @Test
    void contributorsBeyondTheLargestGroupAreRefused() {
        byte[] bytes = bytes(new Partial<>(PLAN.id(), 0, 0, bits(AccumulationPlan.MAX_MEMBERS), new byte[3]));
        assertTrue(Partial.decode(XOR, new WireReader(bytes)).isEmpty());
        bytes = bytes(new Partial<>(PLAN.id(), 0, 0, bits(AccumulationPlan.MAX_MEMBERS - 1), new byte[3]));
        assertTrue(Partial.decode(XOR, new WireReader(bytes)).isPresent());
    }

    @Test
    void plansAreChecked() {
        Hash id = Hash.ZERO;
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, -1, List.of(1), 1, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(), 1, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(2, 1), 1, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 1), 1, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 65_536), 1, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 2), 3, true, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 2), 1, true, 3, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 2), 1, false, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 2), 1, true, 0, 4));
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, List.of(1, 2), 1, true, 1, 0));
        List<Integer> tooMany = IntStream.rangeClosed(0, AccumulationPlan.MAX_MEMBERS).boxed().toList();
        assertThrows(IllegalArgumentException.class, () -> new AccumulationPlan(id, 0, tooMany, 1, true, 1, 4));
    }

    private interface Reading {
        Optional<byte[]> again(WireReader in);
    }

    /** Every truncation, and many mutations: what is read encodes to the very bytes that were read. */
    private static void assertOneEncoding(byte[] bytes, Reading reading) {
        for (int length = 0; length < bytes.length; length++) {
            assertTrue(reading.again(new WireReader(bytes, 0, length)).isEmpty());
        }
        Random random = new Random(4);
        for (int i = 0; i < 5000; i++) {
            byte[] mutated = bytes.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            }
            WireReader in = new WireReader(mutated);
            Optional<byte[]> again = reading.again(in);
            if (again.isPresent() && in.finished()) {
                assertArrayEquals(mutated, again.get());
            }
        }
    }

    private static byte[] bytes(AccumulationPlan plan) {
        WireWriter out = new WireWriter();
        plan.encode(out);
        return out.toBytes();
    }

    private static byte[] bytes(Partial<byte[]> partial) {
        WireWriter out = new WireWriter();
        partial.encode(XOR, out);
        return out.toBytes();
    }

    private static BitSet bits(int... positions) {
        BitSet bits = new BitSet();
        IntStream.of(positions).forEach(bits::set);
        return bits;
    }
}
