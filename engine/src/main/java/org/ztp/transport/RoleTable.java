package org.ztp.transport;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.wire.Hash;

/**
 * Which rank runs which replica, as far as this rank knows. Numbers of incarnations only rise here, so who was
 * superseded once is not listened to again. Any thread.
 */
public final class RoleTable {
    private final Hash chain;
    private final long run;
    private final int ranks;
    private final VoteSignatures signatures;
    private final AtomicReferenceArray<Entry> entries;

    /**
     * Who runs a role.
     *
     * @param number of the incarnation
     * @param rank its rank, one of the job's; -1 if it is not known
     * @param claim its own word, once it was heard
     */
    public record Entry(int number, int rank, Optional<Claim> claim) { }

    /** What a voice is worth. */
    public enum Verdict {
        /** It is who runs the role. */
        CURRENT,
        /** The role has a later incarnation. */
        SUPERSEDED,
        /** It is not known to run the role. */
        UNKNOWN
    }

    /**
     * A table in which rank r runs role r.
     *
     * @param chain hash of the genesis
     * @param run the job
     * @param ranks how many the job has
     * @param numbers the incarnation of each role, as far as it is known
     * @param signatures checks signatures of roles
     */
    public RoleTable(final Hash chain, final long run, final int ranks, final int[] numbers,
                     final VoteSignatures signatures) {
        this.chain = chain;
        this.run = run;
        this.ranks = ranks;
        this.signatures = signatures;
        entries = new AtomicReferenceArray<>(numbers.length);
        for (int role = 0; role < numbers.length; role++) {
            entries.set(role, new Entry(numbers[role], role, Optional.empty()));
        }
    }

    /** Number of roles. */
    public int roles() {
        return entries.length();
    }

    /** Who runs a role. */
    public Entry entry(final int role) {
        return entries.get(role);
    }

    /** The rank of a role, one of the job's; -1 if it is not known. */
    public int rank(final int role) {
        return entries.get(role).rank();
    }

    /** The role of a rank; empty if it has none. */
    public Optional<Integer> role(final int rank) {
        for (int role = 0; role < entries.length(); role++) {
            if (entries.get(role).rank() == rank) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** What a voice from a rank is worth. */
    public Verdict judge(final int rank, final Voice voice) {
        if (voice.role() >= entries.length()) {
            return Verdict.UNKNOWN;
        }
        final Entry known = entries.get(voice.role());
        if (voice.incarnation() < known.number()) {
            return Verdict.SUPERSEDED;
        }
        return voice.incarnation() == known.number() && rank == known.rank() ? Verdict.CURRENT : Verdict.UNKNOWN;
    }

    /**
     * A process says that it runs a role. A later incarnation counts by its signature, unless it is too far ahead, or of a
     * rank that there is not; one of the same number, if that was decided or taken for granted but not claimed.
     *
     * @return whether it runs the role now
     */
    public boolean claim(final Claim claim) {
        final Incarnation said = claim.incarnation();
        if (said.role() >= entries.length() || said.run() != run || said.rank() >= ranks) {
            return false;
        }
        final Entry known = entries.get(said.role());
        if (known.claim().isPresent() && known.claim().get().incarnation().equals(said)) {
            return Arrays.equals(known.claim().get().signature(), claim.signature());
        }
        if (said.number() - known.number() > Incarnation.AHEAD_MAX) {
            return false;
        }
        final boolean later = said.number() > known.number() || said.number() == known.number() && known.claim().isEmpty();
        return later && isSigned(claim) && raise(said.role(), new Entry(said.number(), said.rank(), Optional.of(claim)));
    }

    /** The claim is by the role's key. */
    public boolean isSigned(final Claim claim) {
        return signatures.check(claim.incarnation().role(), claim.incarnation().signedBytes(chain), claim.signature());
    }

    /**
     * The ledger says who runs a role; of a job before this one, or a rank that there is not, only the number counts: a
     * role's key may tell the ledger of any rank.
     */
    public void decided(final Incarnation next) {
        if (next.number() > entries.get(next.role()).number()) {
            final int rank = next.run() == run && next.rank() < ranks ? next.rank() : -1;
            raise(next.role(), new Entry(next.number(), rank, Optional.empty()));
        }
    }

    private synchronized boolean raise(final int role, final Entry next) {
        final Entry known = entries.get(role);
        if (next.number() < known.number() || next.number() == known.number() && known.claim().isPresent()) {
            return false;
        }
        entries.set(role, next);
        return true;
    }
}
