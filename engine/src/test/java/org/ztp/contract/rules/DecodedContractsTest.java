package org.ztp.contract.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.DecodedContracts.Decoded;

class DecodedContractsTest {
    private final DecodedContracts contracts = new DecodedContracts(20);
    private int decoded;

    private Contract read(final byte[] value) {
        return contracts.of(value, bytes -> {
            decoded++;
            return new Decoded(new Contract(bytes[0],
                List.of(new Clause(ChunkRange.all(1), Parties.of("bob"), Rules.NONE))), bytes.length);
        });
    }

    @Test
    void theVeryValueIsDecodedOnceAndAnEqualOneAgain() {
        final byte[] value = {7, 0, 0, 0, 0, 0, 0, 0};
        assertEquals(7, read(value).version());
        assertEquals(7, read(value).version());
        assertEquals(1, decoded);
        assertEquals(7, read(value.clone()).version());
        assertEquals(2, decoded);
    }

    @Test
    void whatWasNotReadForLongestMakesRoom() {
        final byte[] one = new byte[9];
        final byte[] two = new byte[9];
        read(one);
        read(two);
        read(one);
        read(new byte[9]);
        assertEquals(3, decoded);
        read(one);
        assertEquals(3, decoded);
        read(two);
        assertEquals(4, decoded);
    }
}
