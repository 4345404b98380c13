package org.ztp.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class RecordTransactionTest {
    @Test
    void itsBytesAreThese() {
        assertEquals("01" + "0400" + "6a6f6231" + "0a00" + "746578742f706c61696e" + "6869",
            HexFormat.of().formatHex(new RecordTransaction("job1", "text/plain", Samples.utf8("hi")).encode()));
        assertEquals("0100000000", HexFormat.of().formatHex(new RecordTransaction("", "", new byte[0]).encode()));
    }

    @Test
    void textsMayFillTheirLimitsAndNoMore() {
        assertTrue(wellFormed(new RecordTransaction("e".repeat(256), "m".repeat(128), new byte[0]).encode()));
        assertFalse(wellFormed(new RecordTransaction("e".repeat(257), "", new byte[0]).encode()));
        assertFalse(wellFormed(new RecordTransaction("", "m".repeat(129), new byte[0]).encode()));
    }

    @Property(tries = 2000)
    void aCheckAgreesWithTheParserOnAnyBytes(@ForAll final long seed) {
        final Random random = new Random(seed);
        final String entity = "\u00e9\u20ac\ud83d\ude00x".repeat(random.nextInt(3));
        final RecordTransaction record = new RecordTransaction(entity, "a/b", new byte[random.nextInt(5)]);
        final byte[] bytes = record.encode();
        assertTrue(wellFormed(bytes));
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(Math.min(bytes.length, 30))] = (byte) random.nextInt();
        }
        final byte[] cut = Arrays.copyOf(bytes, random.nextInt(4) > 0 ? bytes.length : random.nextInt(bytes.length));
        assertEquals(RecordTransaction.parse(cut, 0, cut.length).isPresent(), wellFormed(cut));
        RecordTransaction.parse(cut, 0, cut.length).ifPresent(parsed -> assertArrayEquals(cut, parsed.encode()));
    }

    private static boolean wellFormed(final byte[] bytes) {
        return RecordTransaction.wellFormed(bytes, 0, bytes.length);
    }
}
