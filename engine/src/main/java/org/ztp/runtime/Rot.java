package org.ztp.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What is done about records of final blocks that have become unreadable, in the replicas of one sub-cluster that are in
 * this process. The next life of such a replica trusts no index: it reads all of its journal, puts aside the segment that
 * holds the damage and all that follow, and gets the blocks from its peers. So this is done only while every peer has all
 * that is final, and for one replica at a time: what is cut is elsewhere. A replica is renewed so once in a process: a
 * disk that goes on to rot makes no loop of it. A disk that does not answer at all is another matter, and nothing is cut
 * for it. Any thread.
 */
final class Rot {
    /** Blocks that an index may be behind those of others while all is well. */
    private static final long NEAR = 100;
    private static final long TELL_NS = 60_000_000_000L;

    private final List<Integer> members;
    private final Roster roster;
    private final IntFunction<OptionalLong> elsewhere;
    private final FaultHook faults;
    /** Replicas that were renewed so. Guarded by this. */
    private final Set<Integer> renewed = new HashSet<>();
    /** When people were told of a replica last. Guarded by this. */
    private final Map<Integer, Long> toldNs = new HashMap<>();

    /**
     * Nothing has rotted yet.
     *
     * @param members of the sub-cluster
     * @param roster those that are here
     * @param elsewhere up to which height a member that another process runs has all blocks; empty if that is not known
     * @param faults where trouble is reported
     */
    Rot(final List<Integer> members, final Roster roster, final IntFunction<OptionalLong> elsewhere, final FaultHook faults) {
        this.members = members;
        this.roster = roster;
        this.elsewhere = elsewhere;
        this.faults = faults;
    }

    /**
     * A life has found damage; if one is to follow that cuts it, this one distrusts its index from now on.
     *
     * @param place where, for people
     * @return whether one is to follow
     */
    synchronized boolean cuts(final Replica life, final String place) {
        if (life.distrustsIndex()) {
            return false; // the next one is on its way
        }
        final String not = renewed.contains(life.id()) ? "; this is the second time: see to the disk" : missing(life);
        if (not.isEmpty()) {
            renewed.add(life.id());
            life.distrustIndex();
        }
        final Long before = toldNs.get(life.id());
        if (not.isEmpty() || before == null || System.nanoTime() - before > TELL_NS) {
            toldNs.put(life.id(), System.nanoTime());
            faults.report(life.id(), life.id(), "JOURNAL_ROTTEN", "journal/" + place + (not.isEmpty()
                ? "; it is put aside from there on, and gotten anew from peers" : not));
        }
        return not.isEmpty();
    }

    /** Which peer may not have all that a life has; empty if none. */
    private String missing(final Replica life) {
        for (final int member : members) {
            if (member != life.id() && !isWhole(member, life)) {
                return "; it is not gotten anew while replica " + member + " is away or behind";
            }
        }
        return "";
    }

    private boolean isWhole(final int member, final Replica life) {
        final Replica here = roster.replica(member);
        final OptionalLong height = here == null ? elsewhere.apply(member)
            : here.isRunning() && !here.hasGap() && !here.distrustsIndex() ? OptionalLong.of(here.indexedHeight())
            : OptionalLong.empty();
        return height.isPresent() && height.getAsLong() >= life.indexedHeight() - NEAR
            && !life.suspected().contains(member);
    }
}
