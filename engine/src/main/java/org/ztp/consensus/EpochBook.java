package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;

/** The newest epoch that this replica knows of and has checked, for the leader to name in its next block. */
final class EpochBook {
    private final List<Voters> voters;
    private Optional<Epoch> newest = Optional.empty();

    /** With who votes in each sub-cluster, by its number; fewer than two: there are no epochs. */
    EpochBook(final List<Voters> voters) {
        this.voters = List.copyOf(voters);
    }

    /** What is wrong with an epoch by itself; empty if each of its heads is certified. One that is good is kept. */
    Optional<String> take(final Epoch epoch) {
        final Optional<String> wrong = Epochs.checkHeads(epoch, newest, voters);
        if (wrong.isEmpty() && (newest.isEmpty() || epoch.number() > newest.get().number())) {
            newest = Optional.of(epoch);
        }
        return wrong;
    }

    /** The epoch that a block names above the last one of its chain: a newer one, or that. */
    Optional<Epoch> toName(final Optional<Epoch> last) {
        return newest.filter(epoch -> last.isEmpty() || epoch.follows(last.get())).or(() -> last);
    }
}
