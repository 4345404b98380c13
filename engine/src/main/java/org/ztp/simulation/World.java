package org.ztp.simulation;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.ztp.consensus.Group;
import org.ztp.consensus.ThreadHashing;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.wire.Hash;

/** What the parts of one simulated sub-cluster share. */
final class World {
    /** The chain of a sub-cluster that is simulated alone. */
    static final Hash CHAIN = Hash.sha256(new byte[] {1});

    final Course course;
    final Random random;
    final Timeline timeline;
    final Faults faults;
    final Group group;
    final SimulatedKeys keys;
    final ThreadHashing hashing;
    final Invariants invariants;
    /** What transactions mean. */
    final TransactionRules rules;
    /** Who votes in each sub-cluster; none if this is the only one. */
    final List<Voters> voters;
    long highestView = 1;
    /** The replica that lost its record last; any if none did. */
    int lastToLose = -1;
    /** Whether nobody starts again: all of it is gone. */
    boolean halted;
    /** Told when a replica enters a view that it leads. */
    Consumer<SimulatedReplica> onLeading = leader -> { };
    /** Run when a traitor proposes two blocks at one place. */
    Runnable onEquivocation = () -> { };

    /** A sub-cluster alone, that takes nothing but records. */
    World(final long seed, final Faults faults, final Group group) {
        this(new Course(seed), faults, group, new SimulatedKeys(seed), SimulatedRecords.RULES, List.of());
    }

    World(final Course course, final Faults faults, final Group group, final SimulatedKeys keys,
          final TransactionRules rules, final List<Voters> voters) {
        this.course = course;
        this.faults = faults;
        this.group = group;
        this.keys = keys;
        this.rules = rules;
        this.voters = voters;
        random = course.random;
        timeline = course.timeline;
        hashing = new ThreadHashing(group.chain());
        invariants = new Invariants(group, keys);
    }

    boolean isHealed() {
        return course.isHealed();
    }

    void trace(final int replica, final String does, final Object what) {
        course.trace(replica, does, what);
    }

    void count(final String what) {
        course.count(what);
    }

    /** Whether something with this chance happens. */
    boolean chance(final int perMille) {
        return course.chance(perMille);
    }

    /** A time from now, at most so far. */
    long soonNs(final long atMostNs) {
        return course.soonNs(atMostNs);
    }

    /** The number of a member among the members, 0 and up; -1 for who is none. */
    int number(final int replica) {
        return group.members().indexOf(replica);
    }

    /** Any member. */
    int anyone() {
        return group.members().get(random.nextInt(group.size()));
    }

    boolean isTraitor(final int replica) {
        final Faults.Treachery treachery = faults.treachery();
        return group.contains(replica)
            && Math.floorMod(number(replica) - treachery.first(), group.size()) < treachery.traitors();
    }

    /** Whether a traitor does something. */
    boolean does(final int replica, final Treason deed) {
        return isTraitor(replica) && faults.treachery().deeds().contains(deed);
    }
}
