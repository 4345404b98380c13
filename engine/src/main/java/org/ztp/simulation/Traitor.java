package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.consensus.Event;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.BlockHere;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.SnapshotHere;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.Message.WantState;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.transport.Parcel;

/**
 * A replica that lies. It runs the real core (twice, as twins), so it knows what an honest one knows; what that says
 * goes through here, and is kept back, changed or added to.
 */
final class Traitor {
    /** Who leaves batches out waits for this part of a view's time-out before it proposes: it makes no more than it must. */
    private static final int IN_TIME = 4;

    private final World world;
    private final int self;
    private final SimulatedNetwork network;
    private final Connections connections;
    private final Overheard overheard = new Overheard();
    private final FalseEntries entries;
    private final FalseCertificates certificates;
    private final FalseBlocks blocks;
    private final FalseStates states;
    private final Leading leading;
    private final FalseHeads heads;
    private final Whims whims;
    private final List<SimulatedReplica> bodies = new ArrayList<>();
    private final Set<Integer> mute = new TreeSet<>();
    private long misguidedFrom;

    Traitor(final World world, final int self, final SimulatedNetwork network, final Connections connections,
            final SharingCores.Maker cores) {
        this.world = world;
        this.self = self;
        this.network = network;
        this.connections = connections;
        entries = new FalseEntries(world, self, overheard);
        certificates = new FalseCertificates(world, self, overheard);
        blocks = new FalseBlocks(world, self, overheard);
        heads = new FalseHeads(world, certificates);
        states = new FalseStates(world);
        leading = new Leading(world, blocks, entries, heads);
        whims = new Whims(world, this, overheard, certificates, blocks, entries);
        final int count = does(Treason.TWINS) ? 2 : 1;
        for (int i = 0; i < count; i++) {
            final int body = i;
            bodies.add(new SimulatedReplica(self, world, false, (to, message) -> speak(body, to, message),
                replica -> cores.of(replica, (to, parcel) -> speakOfOthers(body, to, parcel))));
        }
    }

    List<SimulatedReplica> bodies() {
        return bodies;
    }

    int id() {
        return self;
    }

    boolean does(final Treason deed) {
        return world.does(self, deed);
    }

    boolean sometimes() {
        return world.random.nextInt(3) == 0;
    }

    /** Sends as this replica; what it sends to itself comes to its own cores. */
    void send(final int to, final Message message) {
        if (to == self) {
            toBodies(message);
        } else {
            network.send(self, to, new Parcel.Ordering(message));
        }
    }

    /** Sends as this replica, of whatever kind. */
    void send(final int to, final Parcel parcel) {
        if (parcel instanceof Parcel.Ordering about) {
            send(to, about.message());
        } else if (to != self) {
            network.send(self, to, parcel);
        }
    }

    /** Sends bytes that may be anything. */
    void send(final int to, final byte[] bytes) {
        network.send(self, to, bytes);
    }

    /** Has its own cores count votes for a proposal that they did not make, and begin with its own. */
    void standBy(final Proposal proposal) {
        toBodies(new Proposed(proposal));
        toBodies(certificates.vote(Phase.PREPARE, proposal.view(), proposal.block().height(),
            proposal.block().hash()));
    }

    private void toBodies(final Message message) {
        world.timeline.at(world.timeline.nowNs(), () -> bodies.stream().filter(SimulatedReplica::isUp)
            .forEach(body -> body.step(new Event.Received(self, message))));
    }

    /** Whether one of the twins meets another replica just now; traitors among themselves always do. */
    private boolean meets(final int body, final int other) {
        return bodies.size() == 1 || !connections.isSided() || !world.group.contains(other) || world.isTraitor(other)
            || connections.side(other) == body;
    }

    /** What its core says to a peer. */
    private void speak(final int body, final int to, final Message message) {
        whims.notice(new Parcel.Ordering(message));
        overheard.notice(message);
        if (!meets(body, to) || isKeptBack(to, message)) {
            return;
        }
        if (message instanceof Proposed proposed) {
            for (final Proposal told : leading.proposals(proposed.proposal(), bodies.get(body).core().finalBlock(),
                connections.side(to))) {
                if (does(Treason.OMISSION)) {
                    world.timeline.at(world.timeline.nowNs() + world.faults.limits().viewTimeoutNs() / IN_TIME,
                        () -> propose(to, told, proposed.proposal()));
                } else {
                    propose(to, told, proposed.proposal());
                }
            }
        } else {
            send(to, changed(body, message));
        }
    }

    private void propose(final int to, final Proposal told, final Proposal own) {
        send(to, new Proposed(does(Treason.FALSE_HEADS) && sometimes() ? otherwise(told).orElse(told) : told));
        if (told != own) {
            standBy(told);
        }
    }

    /** What its other cores say to another replica: of its sub-cluster about releases, of all about epochs. */
    private void speakOfOthers(final int body, final int to, final Parcel parcel) {
        if (meets(body, to) && !(does(Treason.SILENCE) && sometimes())) {
            network.send(self, to, parcel instanceof Parcel.Epochs about && does(Treason.FALSE_HEADS) && sometimes()
                ? new Parcel.Epochs(heads.changed(about.message())) : parcel);
        }
    }

    private int member(final int number) {
        return world.group.members().get(Math.floorMod(number, world.group.size()));
    }

    private boolean isKeptBack(final int to, final Message message) {
        final int chosen = member(world.number(self) + 1);
        return message instanceof BatchHere && does(Treason.WITHHELD_BATCHES) && to != chosen
            || message instanceof TimedOut && does(Treason.UNREACHABLE_LOCK)
            || message instanceof Vote && (does(Treason.RELUCTANCE) || does(Treason.SILENCE) && sometimes())
            || message instanceof Certified said && (does(Treason.WITHHELD_CERTIFICATES)
                && isWithheld(to, said.certificate()) || leading.isHidden(said.certificate().block(),
                    connections.side(to)));
    }

    private boolean isWithheld(final int to, final Certificate certificate) {
        final int lucky = member(certificate.block().hashCode());
        final boolean commit = certificate.phase() == Phase.COMMIT;
        if (to != lucky && commit && does(Treason.HASTE)) {
            send(to, entries.withoutLock(certificate.view()));
        }
        return to != lucky && (commit || sometimes());
    }

    private Message changed(final int body, final Message message) {
        if (message instanceof TimedOut said && does(Treason.HIDDEN_LOCK)) {
            return entries.withoutLock(said.vote().view());
        } else if (message instanceof Opened said && does(Treason.MISGUIDANCE)) {
            return withoutLock(said.entry());
        } else if (message instanceof Status said && does(Treason.FALSE_STATUS)) {
            return falseStatus(said);
        } else if (message instanceof FinalBlocks said && does(Treason.FALSE_FINAL_BLOCKS)) {
            return blocks.falsified(said, heads);
        } else if (message instanceof SnapshotHere said && does(Treason.FALSE_STATES)) {
            return states.changed(said, bodies.get(body).core().finalState());
        } else if (message instanceof StateHere said && does(Treason.FALSE_STATES)) {
            return states.changed(said);
        } else if (message instanceof BlockHere said && does(Treason.FALSE_BLOCKS)) {
            return new BlockHere(blocks.withOtherBatches(said.block()));
        } else if (message instanceof BlockHere said && does(Treason.FALSE_HEADS)) {
            return new BlockHere(heads.otherwise(said.block()).orElse(said.block()));
        } else if (message instanceof BatchHere said && does(Treason.FALSE_BATCHES) && sometimes()) {
            return overheard.otherThan(said.ref()).map(other -> new BatchHere(said.ref(), other.batch())).orElse(said);
        }
        return message;
    }

    /** Leads those who lost their records into the newest view without a lock, and says at once that it is over. */
    private void misguide() {
        final Optional<TimeoutCertificate> entry = overheard.newestEntry();
        if (does(Treason.MISGUIDANCE) && entry.isPresent() && entry.get().view() > misguidedFrom) {
            misguidedFrom = entry.get().view();
            mute.forEach(to -> {
                send(to, withoutLock(entry.get()));
                send(to, entries.withoutLock(misguidedFrom + 1));
            });
        }
    }

    private Opened withoutLock(final TimeoutCertificate entry) {
        return new Opened(entry, Certificate.genesis(world.group.chain()));
    }

    private Status falseStatus(final Status said) {
        final long far = world.random.nextInt(4) == 0 ? Long.MAX_VALUE : world.random.nextInt(100);
        return new Status(world.random.nextBoolean() ? said.view() : far, far, far, far, world.random.nextBoolean(),
            world.random.nextInt(8) == 0);
    }

    /** What others say to it. */
    void receive(final int from, final Parcel parcel) {
        whims.notice(parcel);
        if (parcel instanceof Parcel.Epochs about) {
            heads.notice(about.message());
        }
        if (parcel instanceof Parcel.Ordering about) {
            receive(from, about.message());
        } else {
            for (int i = 0; i < bodies.size(); i++) {
                if (meets(i, from)) {
                    bodies.get(i).sharing().ifPresent(cores -> cores.receive(from, parcel));
                }
            }
        }
    }

    private void receive(final int from, final Message message) {
        overheard.notice(message);
        for (int i = 0; i < bodies.size(); i++) {
            if (bodies.get(i).isUp() && meets(i, from)) {
                bodies.get(i).step(new Event.Received(from, message));
            }
        }
        if (does(Treason.VOTES_FOR_ANYTHING)) {
            voteForAnything(message);
        }
        if (message instanceof Proposed said && does(Treason.FALSE_HEADS)) {
            otherwise(said.proposal()).ifPresent(proposal -> send(world.anyone(), new Proposed(proposal)));
        }
        if (message instanceof TimedOut said && does(Treason.UNREACHABLE_LOCK)) {
            entries.unreachable(said.vote().view()).ifPresent(entry -> send(world.group.leader(entry.view() + 1),
                new Opened(entry, said.high())));
        }
        if (message instanceof WantState want) {
            states.page(want).ifPresent(page -> send(from, page));
        }
        if (message instanceof Status status && does(Treason.OLD_TERMS)) {
            bodies.stream().filter(body -> body.isUp() && body.core().finalHeight() > status.finalHeight())
                .forEach(body -> body.sharing().ifPresent(cores -> cores.callAgain(from)));
        }
        if (message instanceof Status status && status.mute()) {
            mute.add(from);
        }
        misguide();
    }

    /** The same proposal of a block that holds another epoch. */
    private Optional<Proposal> otherwise(final Proposal said) {
        return heads.otherwise(said.block()).map(block -> new Proposal(block, said.justify(), said.entry(), said.signature()));
    }

    private void voteForAnything(final Message message) {
        if (message instanceof Proposed proposed) {
            for (final Phase phase : Phase.values()) {
                send(world.group.leader(proposed.proposal().view()), certificates.vote(phase,
                    proposed.proposal().view(), proposed.proposal().block().height(),
                    proposed.proposal().block().hash()));
            }
        } else if (message instanceof Certified certified) {
            final Certificate certificate = certified.certificate();
            send(world.group.leader(certificate.view()), certificates.vote(Phase.COMMIT, certificate.view(),
                certificate.height(), certificate.block()));
        }
    }

    /** Lets it have whims from now on. */
    void haveWhims() {
        world.timeline.at(world.soonNs(world.faults.limits().retransmitNs()), () -> {
            whims.have(bodies.stream().filter(SimulatedReplica::isUp).map(SimulatedReplica::core).findFirst());
            haveWhims();
        });
    }
}
