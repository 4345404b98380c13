package org.ztp.accumulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

class MonoidTest {
    /** A monoid and a maker of its values: one contract for all. */
    private record Subject<V>(Monoid<V> monoid, Function<Random, V> maker) {
        byte[] bytes(V value) {
            WireWriter out = new WireWriter();
            monoid.encode(value, out);
            return out.toBytes();
        }

        V fresh(V value) {
            WireReader in = new WireReader(bytes(value));
            V copy = monoid.decode(in);
            assertTrue(in.finished());
            return copy;
        }
    }

    static Stream<Subject<?>> subjects() {
        return Stream.of(
                new Subject<>(new XorVector(77), random -> {
                    byte[] vector = new byte[77];
                    random.nextBytes(vector);
                    return vector;
                }),
                new Subject<>(new RecordUnion(34, 5), MonoidTest::records),
                new Subject<>(new RecordUnion(34, 1000), MonoidTest::records),
                new Subject<>(new MaxHeads(9), MonoidTest::heads));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    <V> void theOperationIsAssociativeAndCommutativeWithAnIdentity(Subject<V> s) {
        Random random = new Random(1);
        Monoid<V> m = s.monoid();
        for (int i = 0; i < 500; i++) {
            V a = s.maker().apply(random);
            V b = s.maker().apply(random);
            V c = s.maker().apply(random);
            byte[] ab = s.bytes(m.combine(s.fresh(a), b));
            assertArrayEquals(ab, s.bytes(m.combine(s.fresh(b), a)));
            byte[] left = s.bytes(m.combine(m.combine(s.fresh(a), b), c));
            byte[] right = s.bytes(m.combine(s.fresh(a), m.combine(s.fresh(b), c)));
            assertArrayEquals(left, right);
            assertArrayEquals(s.bytes(a), s.bytes(m.combine(m.identity(), a)));
            assertArrayEquals(s.bytes(a), s.bytes(m.combine(s.fresh(a), m.identity())));
            assertTrue(m.accepts(m.combine(s.fresh(a), b)));
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    <V> void theRightOperandStaysAsItIs(Subject<V> s) {
        Random random = new Random(2);
        V a = s.maker().apply(random);
        V b = s.maker().apply(random);
        byte[] before = s.bytes(b);
        s.monoid().combine(s.monoid().combine(s.monoid().combine(s.monoid().identity(), b), a), a);
        assertArrayEquals(before, s.bytes(b));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    <V> void anyBytesAreAValueOfOneEncodingOrNone(Subject<V> s) {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = s.bytes(s.maker().apply(random));
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            bytes = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(3) - 1));
            WireReader in = new WireReader(bytes);
            V value = s.monoid().decode(in);
            if (in.finished()) {
                assertTrue(s.monoid().accepts(value));
                assertArrayEquals(bytes, s.bytes(value));
            }
        }
    }

    @Test
    void xorTakesOneLengthOnly() {
        XorVector xor = new XorVector(3);
        assertFalse(xor.accepts(new byte[2]));
        assertFalse(xor.accepts(new byte[4]));
        assertArrayEquals(new byte[] {5, 0, 3}, xor.combine(new byte[] {4, 7, 0}, new byte[] {1, 7, 3}));
        assertThrows(IllegalArgumentException.class, () -> new XorVector(0));
    }

    @Test
    void aUnionIsSortedAndKeepsTheGreaterRecordOfAKey() {
        RecordUnion union = new RecordUnion(33, 2);
        byte[] k1a = record(1, 7);
        byte[] k1b = record(1, 0xff);
        byte[] k2 = record(0x80, 0);
        byte[] k3 = record(0xff, 0);
        assertArrayEquals(concat(k1b, k2), union.combine(concat(k1a, k2), concat(k1b)));
        assertArrayEquals(concat(k1a, k2), union.combine(concat(k2, k3), concat(k1a)));
        assertFalse(union.accepts(concat(k2, k1a)));
        assertFalse(union.accepts(concat(k1a, k1b)));
        assertFalse(union.accepts(concat(k1a, k2, k3)));
        assertFalse(union.accepts(new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> new RecordUnion(31, 1));
        assertThrows(IllegalArgumentException.class, () -> new RecordUnion(4096, (1 << 18) + 1));
    }

    @Test
    void theHighestHeadOfEachSubClusterStays() {
        MaxHeads max = new MaxHeads(3);
        Head low = new Head(1, 4, Hash.sha256(new byte[] {1}));
        Head high = new Head(1, 5, Hash.ZERO);
        Head fork = new Head(1, 5, Hash.sha256(new byte[] {2}));
        Head other = new Head(0, 1, Hash.ZERO);
        assertEquals(List.of(other, high), max.combine(List.of(low), List.of(other, high)));
        assertEquals(List.of(fork), max.combine(List.of(high), List.of(fork)));
        assertFalse(max.accepts(List.of(low, other)));
        assertFalse(max.accepts(List.of(low, high)));
        assertFalse(max.accepts(List.of(new Head(3, 1, Hash.ZERO))));
        assertThrows(IllegalArgumentException.class, () -> new Head(-1, 0, Hash.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new MaxHeads(0));
    }

    @Test
    void theEncodingsAreThese() {
        WireWriter out = new WireWriter();
        new XorVector(2).encode(new byte[] {1, 2}, out);
        new RecordUnion(32, 1).encode(new byte[0], out);
        new MaxHeads(300).encode(List.of(new Head(258, 5, Hash.ZERO)), out);
        assertEquals("020000000102" + "00000000" + "01000000" + "0201" + "0500000000000000" + "00".repeat(32),
                HexFormat.of().formatHex(out.toBytes()));
    }

    private static byte[] records(Random random) {
        TreeMap<Integer, byte[]> byKey = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            int key = random.nextInt(12);
            byte[] bytes = new byte[34];
            bytes[0] = (byte) (key * 20);
            bytes[33] = (byte) random.nextInt(3);
            byKey.put(key * 20, bytes);
        }
        return concat(byKey.values().toArray(new byte[0][]));
    }

    private static List<Head> heads(Random random) {
        List<Head> heads = new ArrayList<>();
        for (int subCluster = 0; subCluster < 9; subCluster++) {
            if (random.nextBoolean()) {
                heads.add(new Head(subCluster, random.nextInt(3), Hash.sha256(new byte[] {(byte) random.nextInt(3)})));
            }
        }
        return heads;
    }

    private static byte[] record(int key, int rest) {
        byte[] bytes = new byte[33];
        bytes[0] = (byte) key;
        bytes[32] = (byte) rest;
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
