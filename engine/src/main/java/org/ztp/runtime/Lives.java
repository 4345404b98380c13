package org.ztp.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.ztp.consensus.StateDiffersException;
import org.ztp.storage.StorageException;
import org.ztp.transport.Network;

/**
 * The lives of the replicas of one sub-cluster that are in this process: each begins, is stopped or halts, and is followed
 * by the next one, which finds on disk what the one before has left. Any thread.
 */
final class Lives implements AutoCloseable {
    private static final long AGAIN_MILLIS = 500;
    private static final long AGAIN_MOST_MILLIS = 60_000;
    private static final long CALM_NS = 180_000_000_000L;
    private static final long DEAD_NS = 2_000_000_000L;

    private final Roster roster;
    private final Network network;
    private final IntFunction<Replica> births;
    private final boolean heals;
    private final FaultHook faults;
    private final Runnable redrive;
    /** Held while a replica is stopped or started; never by threads that commits wait for. */
    private final Object changing = new Object();
    /** Lives that are to be followed by new ones; changed under {@code changing}. */
    private final Set<Replica> renewed = ConcurrentHashMap.newKeySet();
    /** When the disk of each replica failed last, and how long was rested then. Guarded by {@code changing}. */
    private final Map<Integer, Rest> rests = new HashMap<>();
    /** Replicas whose index was built anew in this process for their state or what had rotted of it. */
    private final Set<Integer> rebuilt = ConcurrentHashMap.newKeySet();
    /** What could not be ended in order, one line for each replica. */
    private final List<String> unclosed = new CopyOnWriteArrayList<>();
    private volatile boolean ending;
    /** When a look found that no replica lives or is to be started again; 0 while one is. */
    private long deadSinceNs;

    private record Rest(long atNs, long millis) { }

    /** How a replica's life is started; when is not its matter. */
    interface Birth {
        /** Opens the store of a replica and makes its next life. */
        Replica next(int replica, Replica.Surroundings surroundings);
    }

    /**
     * Nobody lives yet.
     *
     * @param roster takes each life
     * @param network how they reach each other and those elsewhere
     * @param births opens the store of a replica and makes its next life
     * @param heals whether a replica that its disk has ended is started again here; else another process takes it over
     * @param faults where trouble is reported
     * @param redrive lets what waits for a replica that is gone be driven through another
     */
    Lives(final Roster roster, final Network network, final IntFunction<Replica> births, final boolean heals,
          final FaultHook faults, final Runnable redrive) {
        this.roster = roster;
        this.network = network;
        this.births = births;
        this.heals = heals;
        this.faults = faults;
        this.redrive = redrive;
    }

    /** Opens the stores of all for their first lives in this process, or of none if one cannot be opened. */
    void open(final List<Integer> ids) {
        try {
            ids.forEach(id -> roster.put(births.apply(id)));
        } catch (final RuntimeException failure) {
            roster.replicas().forEach(Replica::cut);
            throw failure;
        }
    }

    /** Lets those begin that were opened. */
    void start() {
        roster.replicas().forEach(this::join);
    }

    private void join(final Replica replica) {
        network.join(replica.id(), replica::onParcel);
        replica.start();
    }

    /** Stops a replica as if the power were cut. */
    void cut(final int id) {
        synchronized (changing) {
            network.leave(id);
            renewed.remove(roster.replica(id));
            roster.replica(id).cut();
        }
        faults.report(-1, id, "STOPPED", "by request");
        redrive.run();
    }

    /** Lets a replica hang or go on. */
    void hang(final int id, final boolean hangs) {
        roster.replica(id).hang(hangs);
    }

    /** Lets a replica go on: one that hangs as it is, one that was stopped or has halted in a new life. */
    void resume(final int id) {
        synchronized (changing) {
            if (roster.replica(id).condition().equals("hung")) {
                hang(id, false);
            } else if (!roster.replica(id).isRunning() && !ending) {
                restart(id);
            }
        }
    }

    /**
     * Lets a replica that runs go on in a new life; however often a life asks for the next, there is one. A life that
     * cannot begin, since its disk is full perhaps, is tried again later and later, unless people stop the replica or let it
     * go on meanwhile.
     */
    void renew(final Replica life) {
        apart(life, old -> {
            synchronized (changing) {
                if (old.isRunning()) {
                    follow(old, AGAIN_MILLIS);
                }
            }
        });
    }

    /** A replica cannot go on; one that its disk has ended may be started again. */
    void halted(final int id, final Throwable cause) {
        network.leave(id);
        faults.report(id, id, "HALTED", cause.toString());
        redrive.run();
        if (heals && cause instanceof StorageException disk && disk.kind() != StorageException.Kind.CORRUPT) {
            apart(roster.replica(id), this::heal);
        }
    }

    /**
     * A replica's state is not the quorum's, or its index cannot be read.
     *
     * @return whether its index is to be built anew from its journal, since that was not done yet in this process
     */
    boolean rebuilds(final int id, final Throwable cause) {
        if (!rebuilt.add(id)) {
            return false;
        }
        faults.report(id, id, cause instanceof StateDiffersException ? "STATE_DIFFERS" : "INDEX_ROTTEN",
            cause.getMessage() + "; the index is built anew");
        return true;
    }

    /** On a thread of its own, since the one that asks for it ends meanwhile. */
    private static void apart(final Replica life, final Consumer<Replica> next) {
        final Thread renewing = new Thread(() -> next.accept(life), "ztp-renew-" + life.id());
        renewing.setDaemon(true);
        renewing.start();
    }

    /** A replica that its disk has ended is started again, later and later if that fails it again soon. */
    private void heal(final Replica life) {
        synchronized (changing) {
            final long nowNs = System.nanoTime();
            final Rest before = rests.get(life.id());
            final long millis = before == null || nowNs - before.atNs() > CALM_NS ? AGAIN_MILLIS
                : Math.min(2 * before.millis(), AGAIN_MOST_MILLIS);
            rests.put(life.id(), new Rest(nowNs, millis));
            renewed.add(life);
            if (!ending) {
                rest(life, millis);
            }
            if (renewed.contains(life)) {
                follow(life, millis);
            }
        }
    }

    private void follow(final Replica life, final long firstRestMillis) {
        final int id = life.id();
        renewed.add(life);
        long restMillis = firstRestMillis;
        while (!ending && roster.replica(id) == life && renewed.contains(life)) {
            try {
                restart(id);
                redrive.run();
            } catch (final RuntimeException failure) {
                faults.report(id, id, "NOT_RENEWED", failure + "; again in " + restMillis + " ms");
                redrive.run();
                rest(life, restMillis);
                restMillis = Math.min(2 * restMillis, AGAIN_MOST_MILLIS);
            }
        }
        renewed.remove(life);
    }

    /** Lets others have {@link #changing} for so long, or until the service ends. */
    private void rest(final Replica life, final long millis) {
        try {
            changing.wait(millis);
        } catch (final InterruptedException ended) {
            Thread.currentThread().interrupt();
            renewed.remove(life);
        }
    }

    /** The others go on while it reads its journal: that may take long. */
    private void restart(final int id) {
        network.leave(id);
        roster.replica(id).letGo();
        final Replica next = births.apply(id);
        roster.put(next);
        join(next);
    }

    /**
     * Why this process is of no use any more: for some seconds no replica has lived and none is to be started again. Empty
     * while one is. One thread.
     */
    String over() {
        final List<Replica> all = roster.replicas();
        final boolean dead = renewed.isEmpty() && all.stream().noneMatch(one -> one.haltedBecause().isEmpty());
        final long nowNs = System.nanoTime();
        deadSinceNs = !dead ? 0 : deadSinceNs == 0 ? nowNs : deadSinceNs;
        return dead && nowNs - deadSinceNs > DEAD_NS ? "no replica lives: " + all.get(0).haltedBecause() : "";
    }

    /** From now on no life begins. */
    void last() {
        ending = true;
    }

    /** Ends all in order. */
    @Override
    public void close() {
        last();
        synchronized (changing) {
            changing.notifyAll();
            for (final Replica replica : roster.replicas()) {
                network.leave(replica.id());
                end(replica);
            }
        }
    }

    /** What could not be ended in order, one line for each replica; after the end. */
    List<String> unclosed() {
        return List.copyOf(unclosed);
    }

    /** Whatever fails now takes nothing that was durable; the others are ended all the same. */
    private void end(final Replica replica) {
        try {
            if (replica.isRunning() || replica.condition().equals("hung")) {
                replica.close();
            } else {
                replica.letGo();
            }
        } catch (final RuntimeException failed) {
            faults.report(replica.id(), replica.id(), "NOT_CLOSED", failed.toString());
            unclosed.add("replica " + replica.id() + " could not be closed and handed over: " + failed.getMessage());
            letGo(replica);
        }
    }

    private void letGo(final Replica replica) {
        try {
            replica.letGo();
        } catch (final RuntimeException failed) {
            faults.report(replica.id(), replica.id(), "NOT_LET_GO", failed.toString());
        }
    }
}
