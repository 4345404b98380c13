package org.ztp.contract;

import java.time.Instant;
import java.util.Optional;
import org.ztp.contract.Decision.Status;
import org.ztp.wire.Hash;

/**
 * Applies a contract to a request: a pure function of both, so that every replica decides the same.
 *
 * <p>The clauses of the chunks asked for are taken in the contract's order, and in each the rules in this one: seekers,
 * embargo-until, not-before, not-after, purpose, max-requests, approvals. The first rule that is broken denies the
 * whole request. If only approvals are missing, it waits. Without any clause that allows it, a request is denied.
 */
public final class Evaluation {
    private Evaluation() {
    }

    /** What the contract says to the request. */
    public static Decision decide(final Contract contract, final Facts facts) {
        final ChunkRange all = ChunkRange.all(contract.chunks());
        if (!facts.chunks().wellFormed() || !all.contains(facts.chunks())) {
            return new Decision(Status.DENIED, "denied by rule range: asked=" + facts.chunks()
                + " the dataset has chunks " + all + " (contract version " + contract.version() + ")");
        }
        Optional<String> missing = Optional.empty();
        for (final Clause clause : contract.clausesOver(facts.chunks())) {
            final Optional<String> broken = broken(clause, facts);
            if (broken.isPresent()) {
                return new Decision(Status.DENIED, "denied by rule " + broken.get() + where(contract, clause));
            }
            if (missing.isEmpty()) {
                missing = missingApprovals(clause, facts).map(text -> text + where(contract, clause));
            }
        }
        return missing.map(text -> new Decision(Status.PENDING, "pending by rule " + text))
            .orElseGet(() -> new Decision(Status.ALLOWED, "allowed" + by(contract, facts.chunks())));
    }

    /**
     * The first reason why shares of these chunks may not go to the seeker at this time, whatever was decided before:
     * a clause that no longer names the seeker, an embargo, a time outside of the clause's. Empty if there is none.
     */
    public static Optional<String> closed(final Contract contract, final Hash seeker, final ChunkRange chunks,
                                          final long timeMillis) {
        if (!ChunkRange.all(contract.chunks()).contains(chunks)) {
            return Optional.of("range: asked=" + chunks + " (contract version " + contract.version() + ")");
        }
        for (final Clause clause : contract.clausesOver(chunks)) {
            final Optional<String> broken = closed(clause, seeker, timeMillis);
            if (broken.isPresent()) {
                return broken.map(text -> text + where(contract, clause));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> broken(final Clause clause, final Facts facts) {
        final Rules rules = clause.rules();
        final Optional<String> closed = closed(clause, facts.seeker(), facts.timeMillis());
        if (closed.isPresent()) {
            return closed;
        }
        if (rules.purposeRequired() && facts.purpose().isBlank()) {
            return Optional.of("purpose: none given");
        }
        if (rules.maxRequests() > 0) {
            final int used = facts.used().applyAsInt(clause.chunks());
            if (used >= rules.maxRequests()) {
                return Optional.of("max-requests: " + used + " of " + rules.maxRequests() + " used");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> closed(final Clause clause, final Hash seeker, final long timeMillis) {
        final Rules rules = clause.rules();
        if (!clause.names(seeker)) {
            return Optional.of("seekers: " + seeker.brief() + " is not one of " + clause.seekers().size());
        }
        if (timeMillis < rules.embargoUntilMillis()) {
            return Optional.of("embargo-until: " + instants(rules.embargoUntilMillis(), timeMillis));
        }
        if (timeMillis < rules.notBeforeMillis()) {
            return Optional.of("not-before: " + instants(rules.notBeforeMillis(), timeMillis));
        }
        if (rules.notAfterMillis() > 0 && timeMillis > rules.notAfterMillis()) {
            return Optional.of("not-after: " + instants(rules.notAfterMillis(), timeMillis));
        }
        return Optional.empty();
    }

    private static Optional<String> missingApprovals(final Clause clause, final Facts facts) {
        final Rules rules = clause.rules();
        final long given = facts.approvals().size() < rules.approvers().size()
            ? facts.approvals().stream().filter(rules::isApprover).count()
            : rules.approvers().stream().filter(approver -> facts.approvals().contains(approver.key())).count();
        return given >= rules.approvals() ? Optional.empty()
            : Optional.of("approvals: " + given + " of " + rules.approvals() + " given");
    }

    private static String instants(final long limitMillis, final long timeMillis) {
        return "limit=" + Instant.ofEpochMilli(limitMillis) + " time=" + Instant.ofEpochMilli(timeMillis);
    }

    private static String where(final Contract contract, final Clause clause) {
        return by(contract, clause.chunks());
    }

    private static String by(final Contract contract, final ChunkRange chunks) {
        return " (" + version(contract) + " chunks " + chunks + ")";
    }

    private static String version(final Contract contract) {
        return "contract version " + contract.version() + ",";
    }

    /** Whether this contract may be the one by which a request came to be allowed or to wait, for this reason. */
    public static boolean mayHaveTakenIn(final Contract contract, final Hash seeker, final ChunkRange chunks,
                                         final String reason) {
        return ChunkRange.all(contract.chunks()).contains(chunks) && reason.contains(version(contract))
            && contract.clausesOver(chunks).stream().allMatch(clause -> clause.names(seeker));
    }
}
