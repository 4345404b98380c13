package org.ztp.mpi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.ztp.mpi.Arrivals.Patience;

/**
 * Starts ranks, and where some of them do not come, but enough for all replicas, once more with as many spares as are left:
 * MPI brings all together or none. Any thread may call.
 */
final class Muster {
    private final Setting setting;
    private LaunchedRanks current;
    private boolean last;

    /** What starts ranks. */
    interface Line {
        /**
         * The command and its environment.
         *
         * @param ranks how many
         * @param nodes of a job of Slurm, one for each; empty for any
         */
        ProcessBuilder of(int ranks, List<String> nodes);
    }

    /**
     * What stays the same however often they are started.
     *
     * @param line what starts them
     * @param replicas how many there must be
     * @param processes how their processes are reached
     * @param lines told each line that the ranks print, but for their being ready
     * @param witness told whose process has ended
     * @param say told with how many spares it goes on
     */
    record Setting(Line line, int replicas, RankProcesses processes, Consumer<String> lines, LaunchedRanks.Witness witness,
                   Consumer<String> say) { }

    private Muster(final Setting setting, final LaunchedRanks first) {
        this.setting = setting;
        current = first;
    }

    /**
     * Starts all.
     *
     * @throws IOException if the command cannot be run
     */
    static Muster start(final Setting setting, final int spares) throws IOException {
        return new Muster(setting, launch(setting, spares, List.of()));
    }

    private static LaunchedRanks launch(final Setting setting, final int spares, final List<String> nodes) throws IOException {
        final int ranks = setting.replicas() + spares;
        return LaunchedRanks.start(setting.line().of(ranks, nodes), new Arrivals(setting.replicas(), ranks),
            setting.processes(), setting.lines(), setting.witness());
    }

    /**
     * Waits until all replicas are ready.
     *
     * @return how many spares are; empty if the replicas do not come up
     */
    OptionalInt await(final Patience patience) throws InterruptedException {
        LaunchedRanks launched = current();
        Arrivals.Standing standing = launched.awaitReady(patience);
        while (standing == Arrivals.Standing.HELD_UP) {
            launched = again(launched);
            standing = launched.awaitReady(patience);
        }
        if (standing != Arrivals.Standing.READY) {
            return OptionalInt.empty();
        }
        final int missing = launched.missing().size();
        final int spares = launched.ranks() - setting.replicas() - missing;
        if (missing > 0) {
            setting.say().accept("ranks that have not come up: " + launched.missing() + "; the service has " + spares
                + " spares");
        }
        return OptionalInt.of(spares);
    }

    private LaunchedRanks again(final LaunchedRanks heldUp) throws InterruptedException {
        final List<Arrivals.Place> there = heldUp.there();
        final int spares = there.size() - setting.replicas();
        setting.say().accept("of " + heldUp.ranks() + " ranks " + there.size() + " have come, and MPI waits for all: once more with "
            + spares + " spares");
        heldUp.abandon();
        synchronized (this) {
            if (!last) {
                try {
                    current = launch(setting, spares, there.stream().map(Arrivals.Place::node).filter(node -> !node.isEmpty())
                        .sorted().toList());
                } catch (final IOException unlikely) { // it could be run a minute ago
                    throw new UncheckedIOException(unlikely);
                }
            }
            return current;
        }
    }

    private synchronized LaunchedRanks current() {
        return current;
    }

    /** The ranks that are there; from now on none are started. */
    synchronized LaunchedRanks last() {
        last = true;
        return current;
    }
}
