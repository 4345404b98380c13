package org.ztp.tuning.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decision, by hand. */
final class DuelTest {
    @Test
    void theBoundIsStudentsInterval() {
        final Duel duel = new Duel(List.of(0.1, 0.2, 0.3)); // mean 0.2, deviation 0.1, 4.303 · 0.1 / √3
        assertEquals(0.24844, Math.log1p(duel.bound()), 1e-5);
        assertEquals(Math.expm1(0.2), duel.gain(), 1e-12);
        assertFalse(duel.isWon());
        assertTrue(new Duel(List.of(0.1, 0.2, 0.3, 0.2)).isWon()); // deviation 0.0816, 3.182 · 0.0816 / 2 = 0.13
    }

    @Test
    void manyPairsNarrowIt() {
        final Duel duel = new Duel(Collections.nCopies(50, List.of(0.0, 0.2)).stream().flatMap(List::stream).toList());
        assertEquals(100, duel.pairs());
        assertEquals(2.086 * 0.1005 / 10, Math.log1p(duel.bound()), 1e-4);
        assertTrue(duel.isWon());
    }

    @Test
    void fewerThanThreePairsOrAFailureDecideNothing() {
        assertFalse(new Duel(List.of()).isWon());
        assertFalse(new Duel(List.of(1.0, 1.0)).isWon());
        final Duel failed = new Duel(List.of(1.0, 1.0, 1.0, Double.NEGATIVE_INFINITY));
        assertFalse(failed.isWon());
        assertEquals(Double.POSITIVE_INFINITY, failed.bound());
    }
}
