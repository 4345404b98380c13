package org.ztp.privacy;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.ztp.contract.rules.ContractRules;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

/** A state in a map. */
record MapState(Map<String, byte[]> values) implements StateView {
    static Result apply(final ContractRules rules, final MapState state, final Hash client, final byte[] transaction) {
        final TransactionContext context =
            new TransactionContext(1, 1_767_225_600_000L, client, SharingWorld.REQUEST.bundle(),
                SharingWorld.REQUEST.index());
        return rules.apply(state, context, transaction, 0, transaction.length);
    }

    @Override
    public Optional<byte[]> get(final byte[] key) {
        return Optional.ofNullable(values.get(HexFormat.of().formatHex(key)));
    }

    @Override
    public void put(final byte[] key, final byte[] value) {
        values.put(HexFormat.of().formatHex(key), value);
    }

    @Override
    public void delete(final byte[] key) {
        values.remove(HexFormat.of().formatHex(key));
    }
}
