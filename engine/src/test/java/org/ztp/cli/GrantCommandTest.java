package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.wire.Hash;

class GrantCommandTest {
    private static final Identity BOB = seeker(-1, "bob");
    private static final ChunkRange WHOLE = new ChunkRange(0, 9);

    @Test
    void aContractTakesNoMoreSeekersThanItHasRoomFor() {
        final Contract almost = new Contract(1, List.of(clause(WHOLE, Clause.MAX_SEEKERS - 1)));
        final Contract full = GrantCommand.granting(almost, List.of(BOB));
        assertEquals(List.of(WHOLE), full.rangesOf(BOB.key()));
        refused(full, List.of(seeker(-2, "carol")), "too large: limit=1024 seekers and 262144 bytes");
        final String name = "x".repeat(Identity.MAX_COMMENT_BYTES);
        final List<Clause> clauses = new ArrayList<>(List.of(clause(WHOLE, 0)));
        for (int i = 0; i < 4; i++) {
            clauses.add(clause(new ChunkRange(i, i), 1_000));
        }
        final Contract several = new Contract(1, clauses);
        refused(several, IntStream.range(0, 1_000).mapToObj(i -> seeker(i, name)).toList(), "too large");
    }

    @Test
    void whatGrantsNothingIsRefused() {
        final Contract none = new Contract(1, List.of(clause(WHOLE, 1), clause(WHOLE, 1)));
        refused(none, List.of(BOB), "nothing would be granted to bob");
        final Contract some = new Contract(1, List.of(clause(WHOLE, 1), clause(new ChunkRange(0, 6), 1)));
        assertEquals(List.of(new ChunkRange(7, 9)), GrantCommand.granting(some, List.of(BOB)).rangesOf(BOB.key()));
    }

    private static void refused(final Contract contract, final List<Identity> more, final String message) {
        final CommandException refused = assertThrows(CommandException.class,
            () -> GrantCommand.granting(contract, more));
        assertEquals(Exit.USAGE, refused.exit());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    private static Clause clause(final ChunkRange chunks, final int seekers) {
        return new Clause(chunks, Identity.sorted(IntStream.range(0, seekers).mapToObj(i -> seeker(i, "")).toList()),
            Rules.NONE);
    }

    private static Identity seeker(final int number, final String name) {
        return Identity.of(Hash.sha256(new byte[] {(byte) number, (byte) (number >> 8)}), name);
    }
}
