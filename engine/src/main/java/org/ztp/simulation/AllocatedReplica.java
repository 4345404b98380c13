package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.ThreadHashing;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.epoch.EpochAction;
import org.ztp.epoch.EpochCore;
import org.ztp.epoch.EpochEvent;
import org.ztp.epoch.EpochSetting;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.ShareCommitment;
import org.ztp.privacy.ShareOpening;
import org.ztp.privacy.SharingRules;
import org.ztp.privacy.SingleShares;
import org.ztp.release.Contribution;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseCore;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseGroup;
import org.ztp.release.ReleaseLimits;
import org.ztp.release.Terms;
import org.ztp.runtime.DrivenStore;
import org.ztp.transport.Parcel;

/** One replica of a simulated allocation through all its lives: the three real cores; its disk outlives it. */
final class AllocatedReplica {
    private static final long CHECK_NS = 50_000;

    final int id;
    final Group group;
    private final Allocation world;
    private final Surroundings around;
    private final SimulatedStore disk;
    private final ThreadHashing hashing;
    private final TreeMap<Long, Action.Finalized> ledger = new TreeMap<>();
    private final Map<Long, Long> lookedUpAt = new HashMap<>();
    private ReplicaCore core;
    private ReleaseCore release;
    private EpochCore epochs;
    private int life;
    private long persistedAtNs;

    /** What the rest of the simulation does for a replica, and checks of it. */
    interface Surroundings {
        void send(int from, int to, Parcel parcel);

        /** A replica starts at what it finds on its disk. */
        void started(int replica, Recovered found);

        /** A replica says that a block is final. */
        void finalized(int replica, Action.Finalized said);

        /** A replica gives its shares for a request, as its ledger was at this height. */
        void gives(int replica, long height, TransactionId request);

        /** The dataset of terms. */
        SharedDataset dataset(Terms terms);

        /** The answer to who asked a replica for keys. */
        void answered(AllocatedReplica replica, ReleaseAction answer);

        /** A replica knows a new epoch. */
        void knows(EpochAction.Known epoch);
    }

    AllocatedReplica(final int id, final Allocation world, final Surroundings around) {
        this.id = id;
        this.world = world;
        this.around = around;
        group = world.groupOf(id);
        hashing = new ThreadHashing(world.chain);
        disk = new SimulatedStore(world.random.nextLong(), world.chain,
            SharingRules.of(world.genesis, world.genesis.subClusters().get(group.subCluster())));
    }

    boolean isUp() {
        return core != null;
    }

    ReplicaCore core() {
        return core;
    }

    EpochCore epochs() {
        return epochs;
    }

    /** The final blocks that it knows, by height. */
    TreeMap<Long, Action.Finalized> ledger() {
        return ledger;
    }

    private int number() {
        return group.members().indexOf(id);
    }

    void start() {
        final DrivenStore store = disk.open();
        final Recovered recovered = store.takeRecovered();
        core = new ReplicaCore(group, id, Limits.defaults(), new SafetyRules(group, id, world.votes.signer(id),
            store.safetyState()), world.votes, hashing, store.machine(), recovered, world.voters);
        release = new ReleaseCore(new ReleaseGroup(world.chain, group.members(), id),
            ReleaseLimits.forFaults(group.faults()));
        if (world.groups.size() > 1) {
            final List<Integer> nodes = new ArrayList<>();
            world.groups.forEach(one -> nodes.addAll(one.members()));
            epochs = new EpochCore(new EpochSetting(world.chain, world.voters, id, nodes, List.of(group.subCluster()),
                Allocation.EPOCH_NS));
        }
        persistedAtNs = world.timeline.nowNs();
        around.started(id, recovered);
        ledger.tailMap(recovered.height(), false).clear();
        tellOfHead(store);
        tick(life);
    }

    private void tellOfHead(final DrivenStore store) {
        if (epochs != null) {
            store.headCertificate().ifPresent(head -> step(new EpochEvent.Final(group.subCluster(), head)));
            core.finalEpoch().ifPresent(epoch -> step(new EpochEvent.Named(epoch)));
        }
    }

    /** Stops in the middle of whatever it does. */
    void crash(final boolean diskToo) {
        core = null;
        life++;
        lookedUpAt.clear();
        disk.crash(false, world.random);
        if (diskToo) {
            disk.wipe();
            ledger.clear();
        }
    }

    private void tick(final int ofLife) {
        if (life == ofLife && isUp()) {
            step(new Event.Tick());
            final long nowNs = world.timeline.nowNs();
            if (nowNs - release.nextTickNs() >= 0) {
                step(new ReleaseEvent.Tick());
            }
            if (epochs != null && nowNs - epochs.nextTickNs() >= 0) {
                step(new EpochEvent.Tick());
            }
            long dueNs = Math.min(core.nextTickNs(), release.nextTickNs());
            dueNs = epochs == null ? dueNs : Math.min(dueNs, epochs.nextTickNs());
            world.timeline.at(Math.max(dueNs, nowNs + 1_000_000), () -> tick(ofLife));
        }
    }

    void onParcel(final int from, final Parcel parcel) {
        world.trace(id, "gets from r" + from, parcel);
        if (parcel instanceof Parcel.Ordering ordering) {
            step(new Event.Received(from, ordering.message()));
        } else if (parcel instanceof Parcel.Releasing releasing) {
            step(new ReleaseEvent.Received(from, releasing.message()));
        } else if (parcel instanceof Parcel.Epochs about) {
            step(new EpochEvent.Received(from, about.message()));
        }
    }

    void step(final Event event) {
        final List<Action> actions = new ArrayList<>();
        core.step(world.timeline.nowNs(), world.nowMillis(), event, actions);
        for (final Action action : actions) {
            perform(action);
        }
    }

    void step(final ReleaseEvent event) {
        final List<ReleaseAction> actions = new ArrayList<>();
        release.step(world.timeline.nowNs(), event, actions);
        actions.forEach(this::perform);
    }

    private void step(final EpochEvent event) {
        final List<EpochAction> actions = new ArrayList<>();
        epochs.step(world.timeline.nowNs(), event, actions);
        for (final EpochAction action : actions) {
            if (action instanceof EpochAction.Send send) {
                around.send(id, send.to(), new Parcel.Epochs(send.message()));
            } else if (action instanceof EpochAction.Known known) {
                around.knows(known);
                later(world.timeline.nowNs(), () -> step(new Event.EpochMade(id, known.epoch())));
            } else {
                throw new InvariantViolation("replica " + id + " accuses an honest one: " + action);
            }
        }
    }

    /** Whether so many of its sub-cluster run that it can go on. */
    void standing(final boolean stalled) {
        step(new EpochEvent.Standing(group.subCluster(), stalled));
    }

    /** Who of its sub-cluster is not heard of. */
    void suspects(final Set<Integer> silent) {
        step(new ReleaseEvent.Suspected(silent));
    }

    private void perform(final Action action) {
        if (action instanceof Action.Send send) {
            around.send(id, send.to(), new Parcel.Ordering(send.message()));
        } else if (action instanceof Action.Broadcast broadcast) {
            group.members().stream().filter(peer -> peer != id)
                .forEach(peer -> around.send(id, peer, new Parcel.Ordering(broadcast.message())));
        } else if (action instanceof Action.Persist persist) {
            persist(persist);
        } else if (action instanceof Action.CheckBatch check) {
            final Optional<BatchRef> actual = hashing.identify(check.batch());
            later(world.timeline.nowNs() + CHECK_NS, () -> step(new Event.BatchChecked(check.from(), check.ref(),
                check.batch(), actual.isPresent() && actual.get().equals(check.ref()))));
        } else if (action instanceof Action.Finalized said) {
            onFinal(said);
        } else if (action instanceof Action.SendFinal wanted) {
            disk.finalBlocksFrom(wanted.fromHeight())
                .ifPresent(blocks -> around.send(id, wanted.to(), new Parcel.Ordering(blocks)));
        } else if (action instanceof Action.SendStoredBatches wanted) {
            wanted.roots().forEach(root -> disk.batch(root)
                .ifPresent(stored -> around.send(id, wanted.to(), new Parcel.Ordering(stored))));
        } else if (action instanceof Action.Fault fault) {
            Invariants.require(fault.kind() == Action.Fault.Kind.VIEW_TIMED_OUT, "honest replica " + fault.replica()
                + " accused by " + id + ": " + fault.kind() + " " + fault.detail());
            world.count("views timed out");
        }
    }

    private void onFinal(final Action.Finalized said) {
        disk.write(said);
        around.finalized(id, said);
        ledger.put(said.block().block().height(), said);
        if (epochs != null) {
            said.block().certificate().ifPresent(head -> step(new EpochEvent.Final(group.subCluster(), head)));
            said.block().block().epoch().ifPresent(epoch -> step(new EpochEvent.Named(epoch)));
        }
    }

    private void persist(final Action.Persist persist) {
        disk.write(persist);
        final long delay = world.healed ? 10_000 : (long) (world.random.nextDouble() * world.faults.maxPersistNs()) + 1_000;
        persistedAtNs = Math.max(persistedAtNs, world.timeline.nowNs()) + delay;
        later(persistedAtNs, () -> {
            disk.sync(persist.ticket());
            step(new Event.Persisted(persist.ticket()));
        });
    }

    private void perform(final ReleaseAction action) {
        if (action instanceof ReleaseAction.Send send) {
            around.send(id, send.to(), new Parcel.Releasing(send.message()));
        } else if (action instanceof ReleaseAction.LookUp look) {
            later(world.timeline.nowNs(), () -> {
                lookedUpAt.put(look.callId(), core.finalHeight());
                step(new ReleaseEvent.LookedUp(look.callId(),
                    world.lookUps.of((StateReader) core.finalState(), look.request(),
                        core.laterMillis(world.nowMillis()))));
            });
        } else if (action instanceof ReleaseAction.Contribute what) {
            later(world.timeline.nowNs() + CHECK_NS, () -> step(new ReleaseEvent.Contributed(what.callId(),
                Optional.of(contribution(what)))));
        } else if (action instanceof ReleaseAction.Seal what) {
            later(world.timeline.nowNs() + CHECK_NS,
                () -> step(new ReleaseEvent.Sealed(what.callId(), Optional.of(sealed(what)))));
        } else if (action instanceof ReleaseAction.Fault fault) {
            throw new InvariantViolation("replica " + id + " accuses an honest one: " + fault);
        } else {
            around.answered(this, action);
        }
    }

    private byte[] contribution(final ReleaseAction.Contribute what) {
        final Terms terms = what.terms();
        around.gives(id, lookedUpAt.get(what.callId()),
            new TransactionId(what.context().bundle(), what.context().index()));
        final byte[] shares = around.dataset(terms).shares(number(), terms.chunks(), terms.part(), terms.seeker());
        if (world.isLiar(id)) {
            world.count("wrong shares, summed");
            shares[world.random.nextInt(shares.length)] ^= (byte) (1 + world.random.nextInt(255));
        }
        try (X25519PrivateKey key = key().toX25519()) {
            return Contribution.compute(new ReleaseGroup(world.chain, group.members(), id), key, what, shares);
        }
    }

    private byte[] sealed(final ReleaseAction.Seal what) {
        final Terms terms = what.terms();
        around.gives(id, lookedUpAt.get(what.callId()), what.name().request());
        final List<ShareOpening> openings = new ArrayList<>(around.dataset(terms).openings(number(), what.part(),
            terms.part(), terms.seeker()));
        if (world.isLiar(id)) {
            world.count("wrong shares, single");
            final byte[] bytes = openings.get(0).encode();
            bytes[Integer.BYTES + ShareCommitment.SALT_BYTES] ^= 1;
            openings.set(0, ShareOpening.decode(bytes).orElseThrow());
        }
        return SingleShares.seal(what.name(), number(), key(), openings, terms.freshKey(), world.randomness);
    }

    private SigningKey key() {
        return world.nodeKeys.get(id);
    }

    private void later(final long atNs, final Runnable run) {
        final int ofLife = life;
        world.timeline.at(atNs, () -> {
            if (life == ofLife && isUp()) {
                run.run();
            }
        });
    }
}
