package org.ztp.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.consensus.safety.Signer;
import org.ztp.ledger.Certificate;

/** Time-outs and their certificates as a traitor would have them. */
final class FalseEntries {
    private final World world;
    private final int self;
    private final Signer signer;
    private final Overheard overheard;

    FalseEntries(final World world, final int self, final Overheard overheard) {
        this.world = world;
        this.self = self;
        this.signer = world.keys.signer(self);
        this.overheard = overheard;
    }

    private TimeoutVote vote(final long view) {
        return vote(view, 0, 0);
    }

    private TimeoutVote vote(final long view, final long highView, final long highHeight) {
        return new TimeoutVote(self, view, highView, highHeight,
            signer.sign(TimeoutVote.signedBytes(world.group, view, highView, highHeight)));
    }

    /** A time-out that tells of no lock. */
    TimedOut withoutLock(final long view) {
        return new TimedOut(vote(view), Certificate.genesis(world.group.chain()), overheard.entry(view - 1));
    }

    /** The time-out certificate that a view is to be entered with. */
    Optional<TimeoutCertificate> opening(final long view) {
        final List<Optional<TimeoutCertificate>> choices = new ArrayList<>();
        if (does(Treason.CHOSEN_ENTRY)) {
            choices.add(chosen(view - 1));
        }
        if (does(Treason.STALE_ENTRY)) {
            choices.add(overheard.olderEntry(view - 1, world.random.nextInt(4)));
        }
        if (does(Treason.FALSE_ENTRY)) {
            choices.add(altered(view - 1));
        }
        if (does(Treason.UNREACHABLE_LOCK)) {
            choices.add(unreachable(view - 1));
        }
        if (choices.isEmpty() || world.random.nextInt(4) == 0) {
            choices.add(overheard.entry(view - 1));
        }
        return choices.get(world.random.nextInt(choices.size()));
    }

    private boolean does(final Treason deed) {
        return world.faults.treachery().deeds().contains(deed);
    }

    /** Of all that timed out in a view, a quorum with the lowest locks, itself first. */
    private Optional<TimeoutCertificate> chosen(final long view) {
        final List<TimeoutVote> votes = new ArrayList<>(List.of(vote(Math.max(1, view))));
        overheard.timeouts(view).stream().filter(one -> one.replica() != self).limit(world.group.quorum() - 1)
            .forEach(votes::add);
        return votes.size() < world.group.quorum() ? overheard.entry(view) : Optional.of(certificate(view, votes));
    }

    /** The time-out certificate of a view in which it tells of a lock that nobody has; empty if too few timed out. */
    Optional<TimeoutCertificate> unreachable(final long view) {
        final List<TimeoutVote> votes = new ArrayList<>(List.of(world.random.nextBoolean() ? vote(view, view, 1L << 40)
            : vote(view, 1L << 40, 1)));
        overheard.timeouts(view).stream().filter(one -> one.replica() != self).limit(world.group.quorum() - 1)
            .forEach(votes::add);
        return votes.size() < world.group.quorum() ? Optional.empty() : Optional.of(certificate(view, votes));
    }

    private static TimeoutCertificate certificate(final long view, final List<TimeoutVote> votes) {
        final List<TimeoutVote> sorted = new ArrayList<>(votes);
        sorted.sort(Comparator.comparingInt(TimeoutVote::replica));
        return new TimeoutCertificate(view, sorted);
    }

    /** A time-out certificate in which others tell of no lock, or of an older view, or say nothing at all. */
    Optional<TimeoutCertificate> altered(final long view) {
        final long of = Math.max(1, view);
        final boolean redated = world.random.nextBoolean();
        final List<TimeoutVote> known = redated ? overheard.olderEntry(of, world.random.nextInt(60))
            .map(TimeoutCertificate::votes).orElse(List.of()) : overheard.timeouts(of);
        final List<TimeoutVote> votes = new ArrayList<>();
        for (final int member : world.group.members()) {
            final Optional<TimeoutVote> said = known.stream().filter(one -> one.replica() == member).findFirst();
            votes.add(said.map(one -> new TimeoutVote(member, of, redated ? one.highView() : 0,
                redated ? one.highHeight() : 0, one.signature())).orElse(new TimeoutVote(member, of, 0, 0,
                new byte[64])));
        }
        return Optional.of(new TimeoutCertificate(of, known.size() >= world.group.quorum()
            ? votes.stream().filter(one -> known.stream().anyMatch(said -> said.replica() == one.replica())).toList()
            : votes));
    }
}
