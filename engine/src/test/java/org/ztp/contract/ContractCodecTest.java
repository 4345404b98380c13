package org.ztp.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

class ContractCodecTest {
    private static final Contract RICH = new Contract(7, List.of(
        new Clause(ChunkRange.all(300), Parties.of("bob", "carol"), new Rules(1, 9, 4, 3, true, 2, Parties.of("ann",
            "ben"))),
        new Clause(new ChunkRange(0, 99), Parties.of("carol"), Rules.NONE),
        new Clause(new ChunkRange(100, 100), List.of(), new Rules(0, 0, 5, 0, false, 0, List.of()))));

    @Test
    void aContractComesBackFromItsBytes() {
        final byte[] bytes = encode(RICH);
        final WireReader in = new WireReader(bytes);
        assertEquals(RICH, Contract.decode(in));
        assertTrue(in.finished());
    }

    @Test
    void theSmallestContractHasTheseBytes() {
        assertEquals("01000000" + "0100" + "00000000" + "02000000" + "0000"
                + "0000000000000000" + "0000000000000000" + "0000000000000000" + "00000000" + "00" + "00" + "00",
            HexFormat.of().formatHex(encode(new Contract(1,
                List.of(new Clause(ChunkRange.all(3), List.of(), Rules.NONE))))));
    }

    @Test
    void noOtherBytesMeanTheSame() {
        final byte[] bytes = encode(RICH);
        final Random random = new Random(17);
        for (int round = 0; round < 20_000; round++) {
            final byte[] altered = bytes.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
            }
            final WireReader in = new WireReader(altered, 0, altered.length - (round % 5 == 0 ? random.nextInt(60)
                : 0));
            final Contract read = Contract.decode(in);
            if (in.finished()) {
                assertArrayEquals(altered, encode(read));
            }
        }
    }

    @Test
    void randomBytesNeverThrow() {
        final Random random = new Random(23);
        for (int round = 0; round < 20_000; round++) {
            final byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length && round % 2 == 0; i++) {
                bytes[i] &= 3;
            }
            assertFalse(new WireReader(bytes).failed());
            Contract.decode(new WireReader(bytes));
        }
    }

    @Test
    void clausesThatOverlapOrLeaveTheDatasetAreNoContract() {
        final Clause whole = clause(0, 9);
        assertTrue(new Contract(1, List.of(whole, clause(0, 4), clause(5, 9))).wellFormed());
        assertRefused(new Contract(1, List.of(whole, clause(0, 4), clause(4, 9))));
        assertRefused(new Contract(1, List.of(whole, clause(5, 9), clause(0, 4))));
        assertRefused(new Contract(1, List.of(whole, clause(5, 10))));
        assertRefused(new Contract(1, List.of(clause(1, 9))));
        assertRefused(new Contract(0, List.of(whole)));
        assertRefused(new Contract(1, List.of()));
        assertRefused(new Contract(1, List.of(new Clause(ChunkRange.all(3),
            List.of(Parties.of("bob").get(0), Parties.of("bob").get(0)), Rules.NONE))));
    }

    @Test
    void rulesThatContradictEachOtherAreNone() {
        assertTrue(new Rules(5, 5, 5, 0, false, 1, Parties.of("ann")).wellFormed());
        assertFalse(new Rules(6, 5, 0, 0, false, 0, List.of()).wellFormed());
        assertFalse(new Rules(0, 5, 6, 0, false, 0, List.of()).wellFormed());
        assertFalse(new Rules(0, 0, 0, 0, false, 2, Parties.of("ann")).wellFormed());
        assertFalse(new Rules(0, 0, 0, 0, false, 0, Parties.of("ann")).wellFormed());
        assertFalse(new Rules(0, 0, 0, -1, false, 0, List.of()).wellFormed());
    }

    @Test
    void commentsAreCutToOneLineOfTheirLimit() {
        final String letters = "é".repeat(100);
        final Identity identity = Identity.of(Parties.key("bob"), "a\nb\u0007" + letters);
        assertEquals("ab" + "é".repeat(63), identity.comment());
        final WireWriter out = new WireWriter();
        identity.encode(out);
        final WireReader in = new WireReader(out.toBytes());
        assertEquals(identity, Identity.decode(in));
        assertTrue(in.finished());
    }

    private static Clause clause(final int first, final int last) {
        return new Clause(new ChunkRange(first, last), Parties.of("bob"), Rules.NONE);
    }

    private static void assertRefused(final Contract contract) {
        assertFalse(contract.wellFormed());
        assertThrows(IllegalArgumentException.class, () -> contract.encode(new WireWriter()));
    }

    private static byte[] encode(final Contract contract) {
        final WireWriter out = new WireWriter();
        contract.encode(out);
        return out.toBytes();
    }
}
