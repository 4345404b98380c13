package org.ztp.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.SampleRules;
import org.ztp.wire.Hash;

final class LedgerViewTest {
    private static final byte[] RECORD = new RecordTransaction("job \u20ac", "", Samples.utf8("payload")).encode();

    @Test
    void everyTransactionIsToldWithItsOutcome() {
        final Bundle first = Samples.bundle(1, 1, 0, RECORD, new byte[] {1}, Samples.utf8("\u0005k"));
        final Bundle again = Samples.bundle(1, 1, 0, RECORD, new byte[] {-2});
        final Batch batch = Samples.batch(first, again);
        final Block block = Samples.block(1, Samples.CHAIN, Hash.ZERO, batch);
        final Executed executed = new Executor(new SampleRules()).execute(BlockState.GENESIS, block, List.of(batch));
        final List<LogEntry> log = new ArrayList<>();
        new LedgerView(new SampleRules()).show(block, List.of(batch), executed.outcomes(),
            (BlockState) executed.after(), position -> true, log::add);
        assertEquals(List.of(
            entry(first, 0, 1, RECORD.length, "job \u20ac", Optional.empty(), at(0, 0, Outcome.Code.ACCEPTED, "")),
            entry(first, 1, 1, 1, "", Optional.empty(), at(0, 1, Outcome.Code.INVALID, "malformed record")),
            entry(first, 2, 5, 2, "", Optional.of(Hash.sha256(Samples.utf8("k"))),
                at(0, 2, Outcome.Code.DENIED, "by " + Samples.client(1).brief())),
            entry(again, 0, 1, RECORD.length, "job \u20ac", Optional.empty(), at(1, -1, Outcome.Code.DUPLICATE, "")),
            entry(again, 1, 254, 1, "", Optional.empty(), at(1, -1, Outcome.Code.DUPLICATE, ""))), log);
        assertEquals(first.id() + ".2", log.get(2).id());
        final List<LogEntry> some = new ArrayList<>();
        new LedgerView(new SampleRules()).show(block, List.of(batch), executed.outcomes(), (BlockState) executed.after(),
            position -> position.compareTo(new Position(0, 0, 2)) >= 0 && some.size() < 2, some::add);
        assertEquals(log.subList(2, 4), some);
    }

    private static LogEntry entry(final Bundle bundle, final int transaction, final int kind, final int bytes,
                                  final String entity, final Optional<Hash> dataset, final Outcome outcome) {
        return new LogEntry(1, 1_700_000_000_001L, Samples.client(1), bundle.id(), transaction, kind, bytes, entity,
            "", dataset, outcome);
    }

    private static Outcome at(final int bundle, final int transaction, final Outcome.Code code, final String detail) {
        return new Outcome(0, bundle, transaction, code, detail);
    }
}
