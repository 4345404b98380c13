package org.ztp.contract.rules;

import java.util.Optional;
import java.util.function.Predicate;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.contract.transaction.TransactionKind;
import org.ztp.ledger.state.StateReader;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.wire.Hash;

/** What the transactions do that are no records, by their kinds. Any thread may use it. */
public final class ContractRules implements TransactionRules {
    private final Hash chain;
    private final PublishRule publish;
    private final EvidenceCheck evidence;
    private final TakeOverRule takeOver;

    /** The rules of the only sub-cluster, whose replicas' roles never pass on. */
    public ContractRules(final Hash chain, final int replicas, final EvidenceCheck evidence) {
        this(chain, replicas, evidence, dataset -> true, Membership.NONE);
    }

    /**
     * @param chain hash of the genesis
     * @param replicas number of replicas of the sub-cluster: every secret is shared among as many
     * @param evidence checks evidence against replicas
     * @param home whether a dataset belongs to the sub-cluster: no other may be published on its chain
     * @param membership who may say that a role passes to another process
     */
    public ContractRules(final Hash chain, final int replicas, final EvidenceCheck evidence,
                         final Predicate<Hash> home, final Membership membership) {
        this.chain = chain;
        this.publish = new PublishRule(chain, replicas, home);
        this.evidence = evidence;
        this.takeOver = new TakeOverRule(chain, membership);
    }

    @Override
    public Result apply(final StateView state, final TransactionContext context, final byte[] array, final int offset,
                        final int length) {
        final int kind = length < 1 ? 0 : array[offset];
        final Optional<Result> result = switch (kind) {
            case Publish.KIND -> Publish.parse(array, offset, length).map(it -> publish.apply(state, context, it));
            case Grant.KIND -> Grant.parse(array, offset, length)
                .map(it -> new ContractChange(state, context).grant(it, publish.replicas()));
            case Revoke.KIND -> Revoke.parse(array, offset, length)
                .map(it -> new ContractChange(state, context).revoke(it));
            case Approve.KIND -> Approve.parse(array, offset, length)
                .map(it -> new RequestRule(state, context).approve(it));
            case Request.KIND -> Request.parse(array, offset, length)
                .map(it -> new RequestRule(state, context).request(it));
            case Evidence.KIND -> Evidence.parse(array, offset, length)
                .map(it -> EvidenceRule.apply(state, context, evidence, it));
            case TakeOver.KIND -> TakeOver.parse(array, offset, length)
                .map(it -> takeOver.apply(state, context.client(), it));
            default -> Optional.of(Result.invalid("unknown kind of transaction: " + kind));
        };
        return result.orElseGet(() -> Result.invalid("malformed transaction: kind=" + kind + " bytes=" + length));
    }

    @Override
    public Optional<Hash> dataset(final StateReader state, final TransactionContext context, final byte[] array,
                                  final int offset, final int length) {
        return switch (length < 1 ? 0 : array[offset]) {
            case Publish.KIND -> Publish.parse(array, offset, length)
                .map(it -> Publish.id(chain, context.client(), it.nonce()));
            case Grant.KIND -> Grant.parse(array, offset, length).map(Grant::dataset);
            case Revoke.KIND -> Revoke.parse(array, offset, length).map(Revoke::dataset);
            case Request.KIND -> Request.parse(array, offset, length).map(Request::dataset);
            case Evidence.KIND -> Evidence.parse(array, offset, length).map(Evidence::dataset);
            case Approve.KIND -> Approve.parse(array, offset, length)
                .flatMap(it -> new SharingState(state).request(it.request())).map(it -> it.request().dataset());
            default -> Optional.empty();
        };
    }

    @Override
    public String text(final byte[] array, final int offset, final int length) {
        return TransactionKind.text(array, offset, length);
    }
}
