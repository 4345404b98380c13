package org.ztp.ledger.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

final class StateTreeTest {
    @Test
    void theEmptyTreeHasTheZeroDigest() {
        assertEquals(Hash.ZERO, StateTree.EMPTY.digest());
        assertTrue(StateTree.EMPTY.get(key(1)).isEmpty());
        assertTrue(StateTree.EMPTY.prove(key(1)).isEmpty());
    }

    @Test
    void oneKeyIsItsLeaf() {
        final StateTree tree = StateTree.EMPTY.with(changes(StateChanges.put(key(1), value(5))));
        assertEquals(leaf(1, 5), tree.digest());
    }

    @Test
    void twoKeysPartWhereTheirHashesDo() {
        // The hashes of the keys 1 and 4 first differ in some bit; above it every other side is empty.
        final StateTree tree = StateTree.EMPTY.with(
            changes(StateChanges.put(key(1), value(5)), StateChanges.put(key(4), value(6))));
        final byte[] first = Hash.sha256(key(1)).toBytes();
        final byte[] second = Hash.sha256(key(4)).toBytes();
        int common = 0;
        while (StateTree.bit(first, common) == StateTree.bit(second, common)) {
            common++;
        }
        Hash expected = StateTree.bit(first, common) ? inner(leaf(4, 6), leaf(1, 5)) : inner(leaf(1, 5), leaf(4, 6));
        for (int depth = common - 1; depth >= 0; depth--) {
            expected = StateTree.bit(first, depth) ? inner(Hash.ZERO, expected) : inner(expected, Hash.ZERO);
        }
        assertEquals(expected, tree.digest());
    }

    @Test
    void removingTheLastKeyGivesTheEmptyTree() {
        final StateTree tree = StateTree.EMPTY.with(changes(StateChanges.put(key(1), value(5))));
        assertEquals(Hash.ZERO, tree.with(changes(StateChanges.delete(key(1)))).digest());
    }

    @Test
    void ofTwoChangesToOneKeyTheLaterCounts() {
        final StateTree tree = StateTree.EMPTY.with(changes(
            StateChanges.put(key(1), value(5)), StateChanges.put(key(2), value(5)), StateChanges.delete(key(1)),
            StateChanges.put(key(2), value(6))));
        assertEquals(leaf(2, 6), tree.digest());
    }

    @Property(tries = 60)
    void theDigestDependsOnTheContentAlone(@ForAll final long seed,
            @ForAll @IntRange(min = 1, max = 200) final int keys) {
        final Random random = new Random(seed);
        final Map<Integer, Integer> content = new HashMap<>();
        StateTree tree = StateTree.EMPTY;
        for (int step = 0; step < 12; step++) {
            final List<StateChanges.Change> changes = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                final int key = random.nextInt(keys);
                if (random.nextInt(3) == 0) {
                    content.remove(key);
                    changes.add(StateChanges.delete(key(key)));
                } else {
                    content.put(key, random.nextInt(5));
                    changes.add(StateChanges.put(key(key), value(content.get(key))));
                }
            }
            final Hash before = tree.digest();
            final StateTree after = tree.with(new StateChanges(changes));
            assertEquals(before, tree.digest());
            assertEquals(rebuilt(content, random).digest(), after.digest());
            tree = after;
        }
        assertContent(content, keys, tree);
    }

    @Property(tries = 30)
    void aProofHoldsForItsKeyValueAndDigestOnly(@ForAll final long seed,
            @ForAll @IntRange(min = 1, max = 60) final int keys) {
        final Random random = new Random(seed);
        final Map<Integer, Integer> content = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            content.put(i, random.nextInt());
        }
        final StateTree tree = rebuilt(content, random);
        assertTrue(tree.prove(key(keys)).isEmpty());
        for (int i = 0; i < keys; i++) {
            final byte[] value = value(content.get(i));
            final StateProof proof = coded(tree.prove(key(i)).orElseThrow());
            assertTrue(proof.verify(tree.digest(), key(i), value));
            assertFalse(proof.verify(tree.digest(), key(keys), value));
            assertFalse(proof.verify(tree.digest(), key(i), value(content.get(i) + 1)));
            assertFalse(proof.verify(Hash.sha256(value), key(i), value));
        }
    }

    private static StateProof coded(final StateProof proof) {
        final WireWriter out = new WireWriter();
        proof.encode(out);
        final WireReader in = new WireReader(out.toBytes());
        final StateProof decoded = StateProof.decode(in);
        assertTrue(in.finished());
        return decoded;
    }

    private static void assertContent(final Map<Integer, Integer> content, final int keys, final StateTree tree) {
        final List<String> visited = new ArrayList<>();
        tree.forEach((key, value) -> visited.add(text(key, value)));
        assertEquals(content.size(), visited.size());
        for (int i = 0; i < keys; i++) {
            final Optional<byte[]> value = tree.get(key(i));
            assertEquals(content.containsKey(i), value.isPresent());
            if (value.isPresent()) {
                assertArrayEquals(value(content.get(i)), value.get());
                assertTrue(visited.contains(text(key(i), value.get())));
            }
        }
    }

    /** One key after another, in random order. */
    private static StateTree rebuilt(final Map<Integer, Integer> content, final Random random) {
        final List<Integer> keys = new ArrayList<>(content.keySet());
        Collections.shuffle(keys, random);
        StateTree tree = StateTree.EMPTY;
        for (final int key : keys) {
            tree = tree.with(changes(StateChanges.put(key(key), value(content.get(key)))));
        }
        return tree;
    }

    private static String text(final byte[] key, final byte[] value) {
        return new String(key, StandardCharsets.UTF_8) + new String(value, StandardCharsets.UTF_8);
    }

    private static StateChanges changes(final StateChanges.Change... changes) {
        return new StateChanges(List.of(changes));
    }

    private static byte[] key(final int number) {
        return ("key " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] value(final int number) {
        return (" value " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static Hash leaf(final int key, final int value) {
        return Hash.sha256(new byte[] {0}, Hash.sha256(key(key)).toBytes(), Hash.sha256(value(value)).toBytes());
    }

    private static Hash inner(final Hash left, final Hash right) {
        return Hash.sha256(new byte[] {1}, left.toBytes(), right.toBytes());
    }
}
