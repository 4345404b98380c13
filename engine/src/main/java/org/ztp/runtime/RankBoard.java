package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.ztp.transport.RankNotice.Presence;
import org.ztp.transport.RankNotice.Report;
import org.ztp.transport.RoleTable;

/** What the ranks of a run said last, and when. Any thread. */
final class RankBoard {
    private final RoleTable roles;
    private final int self;
    private final AtomicReferenceArray<Presence> said;
    private final AtomicLongArray heardNs;
    private final AtomicLongArray rolesHeardNs;

    /**
     * How a replica that another rank runs stands, for people.
     *
     * @param role the replica
     * @param incarnation its number
     * @param rank who runs it, -1 if that is not known
     * @param silentNs how long it has not been heard of
     * @param report what it said last
     */
    record Elsewhere(int role, int incarnation, int rank, long silentNs, Optional<Report> report) { }

    RankBoard(final RoleTable roles, final int self, final int size, final long nowNs) {
        this.roles = roles;
        this.self = self;
        said = new AtomicReferenceArray<>(size);
        heardNs = new AtomicLongArray(size);
        rolesHeardNs = new AtomicLongArray(roles.roles());
        excuse(nowNs);
    }

    /** Everybody counts as heard now: this process slept, or the run begins. */
    void excuse(final long nowNs) {
        for (int rank = 0; rank < heardNs.length(); rank++) {
            heardNs.set(rank, nowNs);
        }
        for (int role = 0; role < rolesHeardNs.length(); role++) {
            rolesHeardNs.set(role, nowNs);
        }
    }

    /** A rank said that it lives. */
    void heard(final int rank, final Presence presence, final long nowNs) {
        heardNs.set(rank, nowNs);
        said.set(rank, presence);
    }

    /** What a rank said last; null if it has said nothing. */
    Presence said(final int rank) {
        return said.get(rank);
    }

    /** When a rank said something last, or was excused. */
    long heardNs(final int rank) {
        return heardNs.get(rank);
    }

    /** Who runs a role said that it lives, or has just been given the role. */
    void heardRole(final int role, final long nowNs) {
        rolesHeardNs.set(role, nowNs);
    }

    /** How long a role has not been heard of, nanoseconds. */
    long silentNs(final int role, final long nowNs) {
        return nowNs - rolesHeardNs.get(role);
    }

    /** Ranks that live and have no role, this one too if it has none. */
    List<Integer> freeSpares(final long limitNs, final long nowNs) {
        final List<Integer> free = new ArrayList<>();
        for (int rank = 0; rank < heardNs.length(); rank++) {
            final boolean lives = rank == self || nowNs - heardNs.get(rank) <= limitNs && said.get(rank) != null
                && said.get(rank).claim().isEmpty();
            if (lives && roles.role(rank).isEmpty()) {
                free.add(rank);
            }
        }
        return free;
    }

    /** How a replica stands that another rank runs. */
    Elsewhere elsewhere(final int role, final long nowNs) {
        final RoleTable.Entry entry = roles.entry(role);
        final Presence last = entry.rank() < 0 ? null : said.get(entry.rank());
        return new Elsewhere(role, entry.number(), entry.rank(), silentNs(role, nowNs),
            last == null ? Optional.empty() : last.report());
    }
}
