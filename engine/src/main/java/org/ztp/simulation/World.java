package org.ztp.simulation;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ztp.consensus.Group;
import org.ztp.consensus.ThreadHashing;
import org.ztp.wire.Hash;

/** What the parts of one simulation share. */
final class World {
    static final Hash CHAIN = Hash.sha256(new byte[] {1});
    static final long START_MILLIS = 1_700_000_000_000L;

    final Random random;
    final Faults faults;
    final Group group;
    final SimulatedKeys keys;
    final ThreadHashing hashing = new ThreadHashing(CHAIN);
    final Timeline timeline = new Timeline();
    final Invariants invariants;
    final Map<String, Integer> counts = new TreeMap<>();
    boolean healed;
    long highestView = 1;
    /** The replica that lost its record last; any if none did. */
    int lastToLose = -1;
    /** Told when a replica enters a view that it leads. */
    Consumer<SimulatedReplica> onLeading = leader -> { };
    /** Run when a traitor proposes two blocks at one place. */
    Runnable onEquivocation = () -> { };
    private Consumer<String> trace;

    World(final long seed, final Faults faults, final Group group) {
        this.random = new Random(seed);
        this.faults = faults;
        this.group = group;
        keys = new SimulatedKeys(seed);
        invariants = new Invariants(group, keys);
    }

    void traceTo(final Consumer<String> lines) {
        trace = lines;
    }

    void trace(final int replica, final String does, final Object what) {
        if (trace != null) {
            trace.accept(String.format("%.6f r%d %s %s", timeline.nowNs() / 1e9, replica, does, what));
        }
    }

    void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** Whether something with this chance happens. */
    boolean chance(final int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** A time from now, at most so far. */
    long soonNs(final long atMostNs) {
        return timeline.nowNs() + (long) (random.nextDouble() * atMostNs);
    }

    boolean isTraitor(final int replica) {
        final Faults.Treachery treachery = faults.treachery();
        return Math.floorMod(group.members().indexOf(replica) - treachery.first(), group.size()) < treachery.traitors();
    }
}
