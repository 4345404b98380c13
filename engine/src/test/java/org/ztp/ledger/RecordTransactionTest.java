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

    @Test
    void itsTextIsTheBeginningOfAPayloadThatIsText() {
        assertEquals("hi", text("job1", "hi"));
        assertEquals("", text("", ""));
        assertEquals("x".repeat(256), text("e", "x".repeat(256)));
        assertEquals("x".repeat(256) + '\u2026', text("e", "x".repeat(257)));
        assertEquals("x".repeat(255) + '\u2026', text("", "x".repeat(255) + "\u20ac"), "a character is not cut in two");
        assertEquals("", text("", "x".repeat(256) + "\u20ac", 3), "not UTF-8 from the start");
        assertEquals("", RecordTransaction.text(new byte[] {1, 9, 0, 0, 0, 'a'}, 0, 6), "it is no record");
    }

    private static String text(final String entity, final String payload) {
        return text(entity, payload, -1);
    }

    /** Of a record that is not alone in its bytes, whose payload may have one byte that is no text. */
    private static String text(final String entity, final String payload, final int foreign) {
        final byte[] bytes = Samples.utf8(payload);
        if (foreign >= 0) {
            bytes[foreign] = (byte) 0xff;
        }
        final byte[] record = new RecordTransaction(entity, "text/plain", bytes).encode();
        final byte[] among = new byte[record.length + 9];
        Arrays.fill(among, (byte) 'z');
        System.arraycopy(record, 0, among, 4, record.length);
        return RecordTransaction.text(among, 4, record.length);
    }

    private static boolean wellFormed(final byte[] bytes) {
        return RecordTransaction.wellFormed(bytes, 0, bytes.length);
    }
}
