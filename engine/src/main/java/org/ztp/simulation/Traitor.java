package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ztp.consensus.Event;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.Proposal;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.WireWriter;

/**
 * A replica that lies. It runs the real core (twice, as twins), so it knows what an honest one knows; what that says
 * goes through here, and is kept back, changed or added to.
 */
final class Traitor {
    private static final int REMEMBERED = 200;

    private final World world;
    private final int self;
    private final SimulatedNetwork network;
    private final Forgery forgery;
    private final Set<Treason> deeds;
    private final List<SimulatedReplica> bodies = new ArrayList<>();
    private final List<Message> heard = new ArrayList<>();
    private long view = 1;

    Traitor(final World world, final int self, final SimulatedNetwork network) {
        this.world = world;
        this.self = self;
        this.network = network;
        this.deeds = world.faults.treachery().deeds();
        this.forgery = new Forgery(world, self);
        final int count = deeds.contains(Treason.TWINS) ? 2 : 1;
        for (int i = 0; i < count; i++) {
            bodies.add(new SimulatedReplica(self, world, false, this::speak));
        }
    }

    List<SimulatedReplica> bodies() {
        return bodies;
    }

    private boolean does(final Treason deed) {
        return deeds.contains(deed);
    }

    private boolean sometimes() {
        return world.random.nextInt(3) == 0;
    }

    private void send(final int to, final Message message) {
        if (to == self) {
            toBodies(self, message);
        } else {
            network.send(self, to, message);
        }
    }

    private void everywhere(final Message message) {
        world.group.members().forEach(member -> send(member, message));
    }

    private void toBodies(final int from, final Message message) {
        world.timeline.at(world.timeline.nowNs(), () -> bodies.stream().filter(SimulatedReplica::isUp)
            .forEach(body -> body.step(new Event.Received(from, message))));
    }

    /** What its core says to a peer. */
    private void speak(final int to, final Message message) {
        notice(message);
        if (message instanceof BatchHere && does(Treason.WITHHELD_BATCHES) && to != (self + 1) % world.group.size()
            || message instanceof Vote && does(Treason.SILENCE) && sometimes()) {
            return;
        }
        if (message instanceof Proposed proposed) {
            propose(to, proposed.proposal());
        } else if (message instanceof TimedOut timedOut && does(Treason.HIDDEN_LOCK)) {
            send(to, forgery.withoutLock(timedOut));
        } else if (message instanceof Status status && does(Treason.FALSE_STATUS)) {
            send(to, forgery.falseStatus(status));
        } else if (message instanceof FinalBlocks blocks && does(Treason.FALSE_FINAL_BLOCKS)) {
            send(to, forgery.falseBlocks(blocks));
        } else {
            send(to, message);
        }
    }

    private void propose(final int to, final Proposal proposal) {
        Proposal told = proposal;
        if (does(Treason.EQUIVOCATION) && to % 2 == 0) {
            told = forgery.rival(proposal);
            toBodies(self, new Proposed(told));
        }
        if (does(Treason.PHANTOM_BATCHES) && sometimes()) {
            told = forgery.phantom(proposal);
        }
        if (does(Treason.FALSE_ENTRY) && told.entry().isEmpty()) {
            told = new Proposal(told.block(), told.justify(), Optional.of(forgery.falseEntry(told.view() - 1)),
                told.signature());
        }
        send(to, new Proposed(told));
    }

    /** What others say to it. */
    void receive(final int from, final Message message) {
        notice(message);
        bodies.stream().filter(SimulatedReplica::isUp).forEach(body -> body.step(new Event.Received(from, message)));
        if (does(Treason.VOTES_FOR_ANYTHING)) {
            voteForAnything(message);
        }
    }

    private void voteForAnything(final Message message) {
        if (message instanceof Proposed proposed) {
            final Proposal proposal = proposed.proposal();
            for (final Phase phase : Phase.values()) {
                send(proposal.block().header().proposer(), forgery.vote(phase, proposal.view(),
                    proposal.block().height(), proposal.block().hash()));
            }
        } else if (message instanceof Certified certified) {
            final Certificate certificate = certified.certificate();
            send(world.group.leader(certificate.view()), forgery.vote(Phase.COMMIT, certificate.view(),
                certificate.height(), certificate.block()));
        }
    }

    private void notice(final Message message) {
        if (heard.size() == REMEMBERED) {
            heard.remove(world.random.nextInt(REMEMBERED));
        }
        heard.add(message);
        forgery.notice(message);
        if (message instanceof Proposed proposed) {
            view = Math.max(view, proposed.proposal().view());
        } else if (message instanceof TimedOut timedOut) {
            view = Math.max(view, timedOut.vote().view());
        }
    }

    /** It does something by itself. */
    private void whim() {
        if (heard.isEmpty()) {
            return;
        }
        final int to = world.random.nextInt(world.group.size());
        final Message old = heard.get(world.random.nextInt(heard.size()));
        if (does(Treason.REPLAY)) {
            send(to, old);
        }
        if (does(Treason.GARBAGE) && to != self) {
            final WireWriter out = new WireWriter();
            MessageCodec.encode(old, out);
            final byte[] bytes = out.toBytes();
            bytes[world.random.nextInt(bytes.length)] ^= (byte) (1 << world.random.nextInt(8));
            network.send(self, to, bytes);
        }
        if (does(Treason.REDATED_CERTIFICATES)) {
            forgery.redated(view).ifPresent(certificate -> send(to, new Certified(certificate)));
        }
        whimOfLeader();
    }

    private void whimOfLeader() {
        final boolean leads = world.group.leader(view) == self || world.group.leader(view + 1) == self;
        final long led = world.group.leader(view) == self ? view : view + 1;
        if (leads && does(Treason.OLD_PARENT)) {
            forgery.onOldParent(led, does(Treason.REDATED_CERTIFICATES) && sometimes()).ifPresent(this::spread);
        }
        if (!leads && does(Treason.USURPED_VIEW)) {
            forgery.onOldParent(view, false).ifPresent(this::spread);
        }
    }

    private void spread(final Proposal proposal) {
        world.count("forged proposals");
        everywhere(new Proposed(proposal));
    }

    /** Lets it have whims from now on. */
    void haveWhims() {
        world.timeline.at(world.soonNs(Timeline.SECOND / 10), () -> {
            whim();
            haveWhims();
        });
    }
}
