package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.wire.Hash;

/** What stands above a gap is held against its header too, though what was named below is not known. */
final class EpochCheckTest {
    private static final Epoch OLD = SampleEpochs.epoch(3, 1);
    private static final Epoch NAMED = SampleEpochs.epoch(5, 4);

    private final EpochCheck check = new EpochCheck(SampleEpochs.voters(2), new ToldHeads(2), new HashIndex());

    private static Block block(final Epoch named, final Epoch held) {
        return Block.of(new BlockHeader(0, 0, 9, 9, 0, Samples.CHAIN, Hash.ZERO, Hash.ZERO, Hash.ZERO, named.number(),
            named.root(), 0, 0), List.of(), Optional.ofNullable(held));
    }

    @Test
    void anEpochThatWasExchangedForAnOlderOneIsFoundAboveAGap() {
        check.gap();
        final Optional<String> wrong = check.next(block(NAMED, OLD));
        assertTrue(wrong.orElse("").startsWith("header does not name the epoch that the block holds: expected=4 "),
            wrong.toString());
    }

    @Test
    void theFirstEpochAboveAGapFollowsNone() {
        assertEquals(Optional.empty(), check.next(block(NAMED, NAMED)));
        check.gap();
        assertEquals(Optional.empty(), check.next(block(OLD, null)));
        assertEquals(Optional.empty(), check.next(block(OLD, OLD)));
        assertTrue(check.next(block(NAMED, null)).isPresent());
    }
}
