package org.ztp.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Outcome.Code;
import org.ztp.wire.Hash;

/**
 * What contracts mean, said once more and much simpler: what each final transaction must come to, and when the shares of
 * a request may be given. One clause a contract, no times.
 */
final class SharingModel {
    private final Allocation world;
    private final Map<Hash, Agreement> agreements = new HashMap<>();
    private final Map<TransactionId, Asked> asked = new HashMap<>();
    private final Set<String> recorded = new HashSet<>();

    /** The latest contract of a dataset. */
    static final class Agreement {
        final Hash id;
        final Hash owner;
        int version = 1;
        Rules rules;
        final Set<Hash> seekers = new TreeSet<>();
        private final Map<Hash, Integer> used = new HashMap<>();

        private Agreement(final Hash id, final Hash owner) {
            this.id = id;
            this.owner = owner;
        }

        private void take(final Contract contract) {
            final Clause clause = contract.clauses().get(0);
            rules = clause.rules();
            seekers.clear();
            clause.seekers().forEach(seeker -> seekers.add(seeker.key()));
        }
    }

    /** A request: allowed from one height on, closed from another. */
    private static final class Asked {
        final Agreement about;
        final Hash seeker;
        final String purpose;
        final Set<Hash> approvals = new HashSet<>();
        Code status = Code.PENDING;
        long allowedAt = Long.MAX_VALUE;
        long closedAt = Long.MAX_VALUE;
        long closedNs;

        Asked(final Agreement about, final Hash seeker, final String purpose) {
            this.about = about;
            this.seeker = seeker;
            this.purpose = purpose;
        }
    }

    SharingModel(final Allocation world) {
        this.world = world;
    }

    /** The agreement about a dataset, as far as it is final. */
    Optional<Agreement> agreement(final Hash owner, final Hash nonce) {
        return Optional.ofNullable(agreements.get(Publish.id(world.chain, owner, nonce)));
    }

    /** Takes the next transaction of a sub-cluster in, which is no record, and says what must come of it. */
    Code take(final Submitted one, final long height) {
        final Object what = one.what();
        if (what instanceof Publish publish) {
            return publish(one, publish);
        } else if (what instanceof Grant grant) {
            return grant(one, grant, height);
        } else if (what instanceof Revoke revoke) {
            return revoke(one, revoke, height);
        } else if (what instanceof Request request) {
            return request(one, request, height);
        } else if (what instanceof Approve approve) {
            return approve(one, approve, height);
        }
        final Evidence evidence = (Evidence) what;
        return asked.containsKey(evidence.request()) && recorded.add(evidence.request() + " " + evidence.replica() + " "
            + evidence.about()) ? Code.ACCEPTED : Code.INVALID;
    }

    private Code publish(final Submitted one, final Publish publish) {
        final Hash id = Publish.id(world.chain, one.by().key, publish.nonce());
        if (one.home() != one.dataset().subCluster || agreements.containsKey(id)) {
            return Code.INVALID;
        }
        final Agreement agreement = new Agreement(id, one.by().key);
        agreement.take(publish.contract());
        agreements.put(id, agreement);
        return Code.ACCEPTED;
    }

    private Code grant(final Submitted one, final Grant grant, final long height) {
        final Agreement agreement = agreements.get(grant.dataset());
        if (agreement == null || !agreement.owner.equals(one.by().key) || grant.expectedVersion() != agreement.version) {
            return Code.INVALID;
        }
        final Set<Hash> gone = new TreeSet<>(agreement.seekers);
        agreement.take(grant.contract());
        agreement.version++;
        gone.removeAll(agreement.seekers);
        close(agreement, gone, height);
        return Code.ACCEPTED;
    }

    private Code revoke(final Submitted one, final Revoke revoke, final long height) {
        final Agreement agreement = agreements.get(revoke.dataset());
        if (agreement == null || !agreement.owner.equals(one.by().key)) {
            return Code.INVALID;
        }
        final List<Hash> gone = revoke.seekers().stream().filter(agreement.seekers::remove).toList();
        agreement.version++;
        close(agreement, gone, height);
        return Code.ACCEPTED;
    }

    private void close(final Agreement agreement, final Iterable<Hash> gone, final long height) {
        for (final Hash seeker : gone) {
            asked.values().stream().filter(one -> one.about == agreement && one.seeker.equals(seeker)
                && one.closedAt == Long.MAX_VALUE).forEach(one -> {
                    one.closedAt = height;
                    one.closedNs = world.timeline.nowNs();
                });
        }
    }

    private Code request(final Submitted one, final Request request, final long height) {
        final Agreement agreement = agreements.get(request.dataset());
        if (agreement == null) {
            return Code.INVALID;
        }
        final Asked asking = new Asked(agreement, one.by().key, request.purpose());
        asked.put(one.transaction(), asking);
        return decide(asking, height);
    }

    private Code approve(final Submitted one, final Approve approve, final long height) {
        final Asked waiting = asked.get(approve.request());
        final Hash approver = one.by().key;
        if (waiting == null || !isPending(approve.request()) || waiting.seeker.equals(approver)
            || waiting.about.rules.approvers().stream().map(Identity::key).noneMatch(approver::equals)
            || !waiting.approvals.add(approver)) {
            return Code.INVALID;
        }
        return decide(waiting, height);
    }

    private Code decide(final Asked one, final long height) {
        final Rules rules = one.about.rules;
        final int used = one.about.used.getOrDefault(one.seeker, 0);
        if (!one.about.seekers.contains(one.seeker) || rules.purposeRequired() && one.purpose.isEmpty()
            || rules.maxRequests() > 0 && used >= rules.maxRequests()) {
            one.status = Code.DENIED;
        } else if (one.approvals.size() < rules.approvals()) {
            one.status = Code.PENDING;
        } else {
            one.status = Code.ALLOWED;
            one.allowedAt = height;
            one.about.used.put(one.seeker, used + 1);
        }
        return one.status;
    }

    /** Whether the shares of a request may be given by who knows the ledger up to a height. */
    boolean mayBeGiven(final TransactionId request, final long height) {
        final Asked known = asked.get(request);
        return known != null && known.allowedAt <= height && height < known.closedAt;
    }

    /** Whether the seeker of a request was revoked since, as far as anybody knows. */
    boolean isClosed(final TransactionId request) {
        return asked.containsKey(request) && asked.get(request).closedAt < Long.MAX_VALUE;
    }

    /** Whether it is longer than this since the seeker of a request was revoked, as far as anybody knows. */
    boolean isClosedSince(final TransactionId request, final long ns) {
        return isClosed(request) && world.timeline.nowNs() - asked.get(request).closedNs > ns;
    }

    /** Whether a request waits for approvals, as far as anybody knows. */
    boolean isPending(final TransactionId request) {
        return asked.containsKey(request) && asked.get(request).status == Code.PENDING && !isClosed(request);
    }

    /** Whether a request is allowed, as far as anybody knows. */
    boolean isAllowed(final TransactionId request) {
        return asked.containsKey(request) && asked.get(request).status == Code.ALLOWED && !isClosed(request);
    }
}
