package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Event;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.epoch.EpochAction;
import org.ztp.epoch.EpochCore;
import org.ztp.epoch.EpochEvent;
import org.ztp.epoch.EpochSetting;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.ShareCommitment;
import org.ztp.privacy.ShareOpening;
import org.ztp.privacy.SingleShares;
import org.ztp.release.Contribution;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseCore;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseGroup;
import org.ztp.release.ReleaseLimits;
import org.ztp.release.Standing;
import org.ztp.release.Terms;
import org.ztp.transport.Parcel;

/** What runs beside ordering in one life of a replica of an allocation: the real cores of release and of epochs. */
final class SharingCores {
    private static final long CHECK_NS = 50_000;

    private final SimulatedReplica replica;
    private final Allocation allocation;
    private final World world;
    private final Surroundings around;
    private final Mail mail;
    private final ReleaseGroup group;
    private final ReleaseCore release;
    private final Optional<EpochCore> epochs;
    private final Map<Long, Long> lookedUpAt = new HashMap<>();
    /** What was allowed once. */
    private final Map<TransactionId, Standing> once = new LinkedHashMap<>();

    /** How they speak. */
    interface Mail {
        void send(int to, Parcel parcel);
    }

    /** Makes them. */
    interface Maker {
        /** None: nothing runs beside ordering. */
        Maker NONE = (replica, mail) -> Optional.empty();

        /** Those of a life that begins. */
        Optional<SharingCores> of(SimulatedReplica replica, Mail mail);
    }

    /** What the rest of the simulation does for them, and checks of them. */
    interface Surroundings {
        /** A replica starts, and knows final blocks up to a height. */
        void started(int replica, long height);

        /** A replica says that a block is final. */
        void finalized(int replica, Finalized said);

        /** A replica gives its shares for a request, as its ledger was at this height. */
        void gives(SimulatedReplica replica, long height, TransactionId request);

        /** The dataset of terms. */
        SharedDataset dataset(Terms terms);

        /** The answer to who asked a replica for keys. */
        void answered(SimulatedReplica replica, ReleaseAction answer);

        /** A replica knows a new epoch. */
        void knows(EpochAction.Known epoch);
    }

    SharingCores(final SimulatedReplica replica, final Allocation allocation, final Surroundings around,
                 final Mail mail) {
        this.replica = replica;
        this.allocation = allocation;
        this.around = around;
        this.mail = mail;
        world = allocation.worldOf(replica.id);
        group = new ReleaseGroup(allocation.chain, world.group.members(), replica.id);
        release = new ReleaseCore(group, ReleaseLimits.forFaults(world.group.faults()));
        epochs = allocation.worlds.size() == 1 ? Optional.empty() : Optional.of(new EpochCore(new EpochSetting(
            allocation.chain, allocation.voters, replica.id, allocation.nodes, List.of(world.group.subCluster()),
            Allocation.EPOCH_NS)));
    }

    /** The replica has started. */
    void begin(final Optional<Certificate> head) {
        around.started(replica.id, replica.core().finalHeight());
        head.ifPresent(commit -> step(new EpochEvent.Final(world.group.subCluster(), commit)));
        replica.core().finalEpoch().ifPresent(epoch -> step(new EpochEvent.Named(epoch)));
    }

    Optional<EpochCore> epochs() {
        return epochs;
    }

    void tick() {
        final long nowNs = world.timeline.nowNs();
        if (nowNs - release.nextTickNs() >= 0) {
            step(new ReleaseEvent.Tick());
        }
        if (epochs.filter(core -> nowNs - core.nextTickNs() >= 0).isPresent()) {
            step(new EpochEvent.Tick());
        }
    }

    long nextTickNs() {
        return Math.min(release.nextTickNs(), epochs.map(EpochCore::nextTickNs).orElse(Long.MAX_VALUE));
    }

    /** Another replica has said something, but about ordering. */
    void receive(final int from, final Parcel parcel) {
        if (parcel instanceof Parcel.Releasing about) {
            step(new ReleaseEvent.Received(from, about.message()));
        } else if (parcel instanceof Parcel.Epochs about) {
            step(new EpochEvent.Received(from, about.message()));
        }
    }

    /** Its replica has made a block final. */
    void finalized(final Finalized said) {
        around.finalized(replica.id, said);
        said.block().certificate().ifPresent(head -> step(new EpochEvent.Final(world.group.subCluster(), head)));
        said.block().block().epoch().ifPresent(epoch -> step(new EpochEvent.Named(epoch)));
    }

    /** Who of its sub-cluster is not heard of. */
    void suspects(final Set<Integer> silent) {
        step(new ReleaseEvent.Suspected(silent));
        final boolean stalled = world.group.size() - silent.size() < world.group.quorum();
        step(new EpochEvent.Standing(world.group.subCluster(), stalled));
    }

    /** Does something when its replica does not hang, if its life has not ended. */
    private void act(final Runnable what) {
        if (replica.sharing().filter(cores -> cores == this).isPresent()) {
            replica.whenAwake(what);
        }
    }

    void step(final ReleaseEvent event) {
        act(() -> {
            final List<ReleaseAction> actions = new ArrayList<>();
            release.step(world.timeline.nowNs(), event, actions);
            replica.performAll(actions, this::perform);
        });
    }

    private void step(final EpochEvent event) {
        epochs.ifPresent(core -> act(() -> {
            final List<EpochAction> actions = new ArrayList<>();
            core.step(world.timeline.nowNs(), event, actions);
            replica.performAll(actions, this::perform);
        }));
    }

    private void perform(final EpochAction action) {
        if (action instanceof EpochAction.Send send) {
            mail.send(send.to(), new Parcel.Epochs(send.message()));
        } else if (action instanceof EpochAction.Known known) {
            around.knows(known);
            replica.later(world.timeline.nowNs(), () -> replica.step(new Event.EpochMade(replica.id, known.epoch())));
        } else if (action instanceof EpochAction.Fault fault) {
            accuse(fault.node(), fault.detail());
        }
    }

    private void accuse(final int other, final String detail) {
        world.count("faults in releases and epochs");
        Invariants.require(!replica.isHonest() || allocation.worldOf(other).isTraitor(other), "honest replica " + other
            + " accused by " + replica.id + ": " + detail);
    }

    private void perform(final ReleaseAction action) {
        if (action instanceof ReleaseAction.Send send) {
            mail.send(send.to(), new Parcel.Releasing(send.message()));
        } else if (action instanceof ReleaseAction.LookUp look) {
            replica.later(world.timeline.nowNs(), () -> {
                lookedUpAt.put(look.callId(), replica.core().finalHeight());
                step(new ReleaseEvent.LookedUp(look.callId(), standing(look.request()),
                    allocation.recencies.of(replica.core(), world.timeline.nowNs(), replica.nowMillis())));
            });
        } else if (action instanceof ReleaseAction.Contribute what) {
            answer(() -> new ReleaseEvent.Contributed(what.callId(), Optional.of(contribution(what))));
        } else if (action instanceof ReleaseAction.Seal what) {
            answer(() -> new ReleaseEvent.Sealed(what.callId(), Optional.of(sealed(what))));
        } else if (action instanceof ReleaseAction.Fault fault) {
            accuse(fault.replica(), fault.kind() + " " + fault.detail());
        } else {
            around.answered(replica, world.does(replica.id, Treason.FALSE_ANSWERS) && world.chance(500)
                ? FalseAnswers.instead(action, world) : action);
        }
    }

    private Standing standingNow(final TransactionId request) {
        return allocation.lookUps.of((StateReader) replica.core().finalState(), request,
            replica.core().laterMillis(replica.nowMillis()));
    }

    /** What its ledger says, or, if it is a traitor's, has said. */
    private Standing standing(final TransactionId request) {
        final Standing now = standingNow(request);
        if (!world.does(replica.id, Treason.OLD_TERMS)) {
            return now;
        }
        if (now instanceof Standing.Allowed) {
            once.put(request, now);
        }
        return once.getOrDefault(request, now);
    }

    /** Wants the shares of another replica for what is closed by now. */
    void callAgain(final int other) {
        final Set<Integer> without = new TreeSet<>(group.members());
        without.removeAll(List.of(replica.id, other));
        once.keySet().stream().filter(request -> !(standingNow(request) instanceof Standing.Allowed)).forEach(request ->
            step(new ReleaseEvent.Asked(world.random.nextLong() & Long.MAX_VALUE, request, without)));
    }

    private void answer(final Supplier<ReleaseEvent> made) {
        replica.later(world.timeline.nowNs() + CHECK_NS, () -> step(made.get()));
    }

    private byte[] contribution(final ReleaseAction.Contribute what) {
        final Terms terms = what.terms();
        around.gives(replica, lookedUpAt.get(what.callId()),
            new TransactionId(what.context().bundle(), what.context().index()));
        final byte[] shares = around.dataset(terms).shares(world.number(replica.id), terms.chunks(), terms.part(),
            terms.seeker());
        ifFalse("wrong shares, summed", random ->
            shares[random.nextInt(shares.length)] ^= (byte) (1 + random.nextInt(255)));
        try (X25519PrivateKey key = key().toX25519()) {
            return Contribution.compute(group, key, what, shares);
        }
    }

    private byte[] sealed(final ReleaseAction.Seal what) {
        final Terms terms = what.terms();
        around.gives(replica, lookedUpAt.get(what.callId()), what.name().request());
        final List<ShareOpening> openings = new ArrayList<>(around.dataset(terms).openings(world.number(replica.id),
            what.part(), terms.part(), terms.seeker()));
        ifFalse("wrong shares, single", random -> {
            final byte[] bytes = openings.get(0).encode();
            bytes[Integer.BYTES + ShareCommitment.SALT_BYTES] ^= 1;
            openings.set(0, ShareOpening.decode(bytes).orElseThrow());
        });
        return SingleShares.seal(what.name(), world.number(replica.id), key(), openings, terms.freshKey(),
            allocation.randomness);
    }

    private void ifFalse(final String lie, final Consumer<Random> change) {
        if (world.does(replica.id, Treason.WRONG_SHARES)) {
            world.count(lie);
            change.accept(world.random);
        }
    }

    private SigningKey key() {
        return allocation.nodeKeys.get(replica.id);
    }
}
