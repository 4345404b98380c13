package org.ztp.contract.rules;

import static org.ztp.contract.Parties.key;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Samples;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.state.MapState;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

/** A state in a map, to which transactions are applied one after another as the executor does it. */
final class LedgerOfContracts {
    static final Hash CHAIN = key("chain");
    /** A dataset that belongs to another sub-cluster. */
    Optional<Hash> elsewhere = Optional.empty();
    final ContractRules rules = new ContractRules(CHAIN, Samples.REPLICAS, (evidence, asked, root, entries) ->
        evidence.proof().position() == 0 ? Optional.empty() : Optional.of("position " + evidence.proof().position()),
        dataset -> !elsewhere.equals(Optional.of(dataset)), new Membership(List.of(0, 1, 2, 3),
            List.of(key("member 0"), key("member 1"), key("member 2"), key("member 3")), 3,
            (replica, message, signature) -> Arrays.equals(sign(replica, message), signature)));
    long timeMillis = 1_767_225_600_000L;
    private final MapState state = new MapState();
    private long height;

    /** A member's signature. */
    static byte[] sign(final int replica, final byte[] message) {
        return Arrays.copyOf(Hash.sha256(new byte[] {(byte) replica}, message).toBytes(), 64);
    }

    /** Applies one transaction in a block of its own, changes of an invalid one dropped. */
    Result apply(final String client, final byte[] transaction) {
        return apply(key(client), transaction);
    }

    Result apply(final Hash client, final byte[] transaction) {
        height++;
        final Map<ByteBuffer, byte[]> before = new HashMap<>(state.values());
        final byte[] bytes = new byte[transaction.length + 3];
        System.arraycopy(transaction, 0, bytes, 3, transaction.length);
        final Result result = rules.apply(state, context(client), bytes, 3, transaction.length);
        if (result.code() == Outcome.Code.INVALID) {
            state.values().clear();
            state.values().putAll(before);
        }
        return result;
    }

    TransactionContext context(final Hash client) {
        return new TransactionContext(height, timeMillis, client, key("bundle " + height), 0);
    }

    /** The id of the transaction that was applied last. */
    TransactionId last() {
        return new TransactionId(key("bundle " + height), 0);
    }

    Result request(final String seeker, final Hash dataset, final int first, final int lastChunk,
                   final String purpose) {
        return apply(seeker, new Request(dataset, new ChunkRange(first, lastChunk), purpose, key("fresh 1"), "")
            .encode());
    }

    SharingState state() {
        return new SharingState(state);
    }

    /** Why the request's shares may not be released now; empty if they may. */
    Optional<String> refusal(final TransactionId request) {
        return ReleaseCheck.of(state, request, timeMillis).refusal();
    }

    /** All keys of the state with their values, not to be changed. */
    Map<ByteBuffer, byte[]> values() {
        return state.values();
    }

    StateView view() {
        return state;
    }
}
