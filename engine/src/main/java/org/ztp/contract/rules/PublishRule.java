package org.ztp.contract.rules;

import java.util.Optional;
import java.util.function.Predicate;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

/**
 * PUBLISH: makes a dataset, owned by the signer.
 *
 * @param chain hash of the genesis
 * @param replicas number of replicas of the sub-cluster
 * @param home whether a dataset belongs to the sub-cluster
 */
record PublishRule(Hash chain, int replicas, Predicate<Hash> home) {
    Result apply(final StateView state, final TransactionContext context, final Publish publish) {
        final Hash id = Publish.id(chain, context.client(), publish.nonce());
        return refusal(state, context, publish, id).map(Result::invalid).orElseGet(() -> {
            final TransactionId transaction = new TransactionId(context.bundle(), context.transaction());
            state.put(StateKeys.dataset(id), new DatasetState(context.client(), publish.dataset(), transaction,
                context.height(), context.timeMillis(), publish.shares().roots()).encode());
            ContractChange.store(state, id, publish.contract());
            return Result.ACCEPTED;
        });
    }

    private Optional<String> refusal(final StateView state, final TransactionContext context, final Publish publish,
                                     final Hash id) {
        if (!home.test(id)) {
            return Optional.of("dataset " + id + " belongs to another sub-cluster");
        }
        if (new SharingState(state).version(id) != 0) {
            return Optional.of("dataset " + id + " was published before");
        }
        if (publish.shares().replicas() != replicas) {
            return Optional.of("replicas: expected=" + replicas + " actual=" + publish.shares().replicas());
        }
        if (publish.contract().version() != 1) {
            return Optional.of("contract version: expected=1 actual=" + publish.contract().version());
        }
        if (publish.contract().chunks() != publish.dataset().chunks()) {
            return Optional.of("chunks of the contract: expected=" + publish.dataset().chunks() + " actual="
                + publish.contract().chunks());
        }
        return new SeekerParts(state, context, id, replicas)
            .take(publish.contract().rangesBySeeker(), publish.parts());
    }
}
