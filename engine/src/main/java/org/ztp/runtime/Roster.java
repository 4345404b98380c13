package org.ztp.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.consensus.Group;
import org.ztp.ledger.LedgerState;

/**
 * The replicas of one sub-cluster that are in this process, each in its last life, and which of them to turn to. Any
 * thread.
 */
final class Roster {
    /** So many blocks below the highest, a replica does not only lag in what all of them do. */
    private static final int BEHIND = 16;

    private final Group group;
    /** Guarded by this. */
    private final TreeMap<Integer, Replica> lives = new TreeMap<>();

    Roster(final Group group) {
        this.group = group;
    }

    /** A replica's next life. */
    synchronized void put(final Replica life) {
        lives.put(life.id(), life);
    }

    /** A replica that is here, running or not. */
    synchronized Replica replica(final int id) {
        return lives.get(id);
    }

    /** All of them, by ascending id. */
    synchronized List<Replica> replicas() {
        return new ArrayList<>(lives.values());
    }

    /** Whether enough replicas run to make blocks final: here, and elsewhere as far as those here know. */
    boolean hasQuorum() {
        final List<Replica> here = replicas();
        final Optional<Replica> one = reader();
        final long elsewhere = group.members().stream().filter(id -> here.stream().noneMatch(own -> own.id() == id))
            .filter(id -> one.isPresent() && !one.get().suspected().contains(id)).count();
        return here.stream().filter(Replica::isRunning).count() + elsewhere >= group.quorum();
    }

    /** The running replica whose index is furthest. */
    Optional<Replica> reader() {
        return replicas().stream().filter(Replica::isRunning).max(Comparator.comparingLong(Replica::indexedHeight));
    }

    /** The state after the highest final block that a running replica knows; null if none runs. */
    synchronized LedgerState newestState() {
        LedgerState newest = null;
        long height = -1;
        for (final Replica replica : lives.values()) {
            if (replica.isRunning() && replica.standing().finalHeight() > height) {
                newest = replica.state();
                height = replica.standing().finalHeight();
            }
        }
        return newest;
    }

    /** Whether a replica of this process does not run, or has to get final blocks that another one has. */
    synchronized boolean isOneBehind() {
        long lowest = Long.MAX_VALUE;
        long highest = 0;
        for (final Replica replica : lives.values()) {
            if (!replica.isRunning()) {
                return true;
            }
            final long height = replica.standing().finalHeight();
            lowest = Math.min(lowest, height);
            highest = Math.max(highest, height);
        }
        return lowest < highest - BEHIND;
    }

    /**
     * The replica that leads as most see it, or else any that lives. One that hangs is the leader until its peers have
     * noticed, by their view's time-out or by its silence: nobody else knows that it does.
     */
    Optional<Replica> gateway() {
        final List<Replica> alive = replicas().stream().filter(Replica::isAlive).toList();
        final List<Replica> heard = alive.stream().filter(one -> alive.stream()
            .filter(peer -> peer.suspected().contains(one.id())).count() <= group.faults()).toList();
        final List<Replica> usable = heard.isEmpty() ? alive : heard;
        final Optional<Replica> ahead = usable.stream().max(Comparator.comparingLong(one -> one.standing().view()));
        return ahead.isEmpty() ? ahead : usable.stream().filter(one -> one.id() == ahead.get().standing().leader())
            .findAny().or(() -> ahead);
    }
}
