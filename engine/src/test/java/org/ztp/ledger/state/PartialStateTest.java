package org.ztp.ledger.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** A state goes from one replica to another page by page, and nothing goes along that is not in it. */
final class PartialStateTest {
    private static StateTree state(final int keys, final int valueBytes) {
        final Random random = new Random(keys);
        final List<StateChanges.Change> changes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            final byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            changes.add(StateChanges.put(("key " + i).getBytes(StandardCharsets.US_ASCII), value));
        }
        return StateTree.EMPTY.with(new StateChanges(changes));
    }

    /** Takes a state over; how many pages that took. */
    private static int take(final StateTree state, final int pageBytes) {
        final PartialState taken = new PartialState(state.digest());
        int pages = 0;
        for (Optional<StatePath> next = taken.next(); next.isPresent(); next = taken.next()) {
            final byte[] page = state.page(next.get(), pageBytes).orElseThrow();
            assertTrue(taken.whole().isEmpty());
            assertTrue(page.length <= Math.max(pageBytes, 513) + 33 * 256 + 40, "page of " + page.length + " bytes");
            assertTrue(taken.add(next.get(), page));
            pages++;
        }
        final StateTree whole = taken.whole().orElseThrow();
        assertEquals(state.digest(), whole.digest());
        final List<String> expected = new ArrayList<>();
        final List<String> actual = new ArrayList<>();
        state.forEach((key, value) -> expected.add(Arrays.toString(key) + Arrays.toString(value)));
        whole.forEach((key, value) -> actual.add(Arrays.toString(key) + Arrays.toString(value)));
        assertEquals(expected, actual);
        return pages;
    }

    @Test
    void aStateIsTakenOverInPagesOfAnySize() {
        for (final int keys : new int[] {0, 1, 2, 3, 50, 1_000}) {
            for (final int pageBytes : new int[] {1, 100, 1_000, 1 << 20}) {
                final int pages = take(state(keys, 20), pageBytes);
                assertTrue(pages <= keys, "pages " + pages + " for " + keys + " keys");
            }
        }
        assertEquals(1, take(state(1_000, 20), 1 << 20));
    }

    @Test
    void aStateThatWasTakenOverGoesOnLikeTheOther() {
        final StateTree state = state(100, 20);
        final PartialState taken = new PartialState(state.digest());
        taken.add(StatePath.ROOT, state.page(StatePath.ROOT, 1 << 20).orElseThrow());
        final StateChanges changes = new StateChanges(List.of(StateChanges.put(new byte[] {1}, new byte[] {2}),
            StateChanges.delete("key 7".getBytes(StandardCharsets.US_ASCII))));
        assertEquals(state.with(changes).digest(), taken.whole().orElseThrow().with(changes).digest());
    }

    @Property(tries = 300)
    void aPageWithAChangedBitIsRefused(@ForAll @IntRange(min = 1, max = 60) final int keys,
                                       @ForAll @IntRange(min = 1, max = 2_000) final int pageBytes, @ForAll final int at) {
        final StateTree state = state(keys, 20);
        final byte[] page = state.page(StatePath.ROOT, pageBytes).orElseThrow();
        page[Math.floorMod(at >>> 3, page.length)] ^= (byte) (1 << (at & 7));
        final PartialState taken = new PartialState(state.digest());
        assertFalse(taken.add(StatePath.ROOT, page));
        assertEquals(Optional.of(StatePath.ROOT), taken.next());
        assertTrue(taken.whole().isEmpty());
    }

    @Property(tries = 300)
    void anyBytesAreRefused(@ForAll @Size(max = 300) final byte[] bytes) {
        assertFalse(new PartialState(state(9, 20).digest()).add(StatePath.ROOT, bytes));
    }

    @Test
    void aPageOfAnotherPlaceOrOfNothingIsRefused() {
        final StateTree state = state(200, 20);
        final PartialState taken = new PartialState(state.digest());
        assertTrue(taken.add(StatePath.ROOT, state.page(StatePath.ROOT, 1_000).orElseThrow()));
        final StatePath next = taken.next().orElseThrow();
        assertFalse(taken.add(StatePath.ROOT, state.page(StatePath.ROOT, 1_000).orElseThrow()));
        assertFalse(taken.add(next, state.page(StatePath.ROOT, 1_000).orElseThrow()));
        final byte[] nothing = new WireWriter().u8(3).hash(state.digest()).toBytes();
        assertFalse(new PartialState(state.digest()).add(StatePath.ROOT, nothing));
    }

    @Test
    void bytesThatClaimEndlessBranchesAreRefusedBeforeTheyTakeMemory() {
        final byte[] branches = new byte[8 << 20];
        Arrays.fill(branches, (byte) 2);
        assertFalse(new PartialState(Hash.sha256(branches)).add(StatePath.ROOT, branches));
        for (int i = 1; i < branches.length; i += 2) {
            branches[i] = 0;
        }
        assertFalse(new PartialState(Hash.sha256(branches)).add(StatePath.ROOT, branches));
    }

    @Test
    void aStateHasNoPageOfASubtreeThatItDoesNotHave() {
        assertEquals(Optional.empty(), StateTree.EMPTY.page(StatePath.ROOT, 100));
        assertEquals(Optional.empty(), state(1, 1).page(StatePath.ROOT.child(true), 100));
    }

    @Test
    void aPathHasOneEncoding() {
        final StatePath path = StatePath.ROOT.child(true).child(false).child(true);
        final WireWriter out = new WireWriter();
        path.encode(out);
        assertEquals(path, StatePath.decode(new WireReader(out.toBytes())));
        final byte[] longer = out.toBytes();
        longer[33] = 1;
        final WireReader in = new WireReader(longer);
        StatePath.decode(in);
        assertTrue(in.failed());
        final WireReader deeper = new WireReader(new WireWriter().u16(257).hash(Hash.ZERO).toBytes());
        StatePath.decode(deeper);
        assertTrue(deeper.failed());
    }
}
