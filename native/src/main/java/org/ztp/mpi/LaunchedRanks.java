package org.ztp.mpi;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Ranks that a launcher (mpirun, srun) runs. The launcher's exit code says little once a rank has died, and it may not
 * even end by itself; so the ranks' own words and processes count. Any thread may call.
 */
final class LaunchedRanks {
    private static final Path SESSION = Path.of("/usr/bin/setsid");
    private static final long LOOK_NS = 50_000_000L;
    private static final long AGAIN_NS = 500_000_000L;
    private static final long LAST_WORDS_MILLIS = 2_000;
    private static final long LAUNCHER_NS = 10_000_000_000L;
    /** So long a rank may take from its last word to its end. */
    private static final long LEAVE_NS = 4_000_000_000L;

    private final Process launcher;
    private final RankProcesses processes;
    private final LastWords words = new LastWords();
    private final Map<Integer, RankLine.Role> roles = new ConcurrentHashMap<>();
    private final Arrivals arrivals;
    private Thread reader;
    private volatile boolean ending;
    /** When a rank has said anything last. */
    private volatile long lastLineNs = System.nanoTime();

    /** Told that the process of an incarnation has ended, as long as the service goes on. */
    interface Witness {
        void ended(RankLine.Role role) throws IOException;
    }

    private LaunchedRanks(final Process launcher, final Arrivals arrivals, final RankProcesses processes) {
        this.launcher = launcher;
        this.processes = processes;
        this.arrivals = arrivals;
    }

    /**
     * Runs the launcher, where it can be done in a session of its own: an interrupt at the terminal goes to this process, which
     * asks the ranks to stop, and not to the launcher, which would kill them.
     *
     * @param builder its command and environment
     * @param arrivals of those that it starts
     * @param processes how their processes are reached
     * @param lines told each line that the ranks print, but for their being ready
     * @param witness told whose process has ended, where that can be seen
     */
    static LaunchedRanks start(final ProcessBuilder builder, final Arrivals arrivals, final RankProcesses processes,
                               final Consumer<String> lines, final Witness witness) throws IOException {
        if (Files.isExecutable(SESSION)) {
            final List<String> words = new ArrayList<>(builder.command());
            words.add(0, SESSION.toString());
            builder.command(words);
        }
        final Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        final LaunchedRanks launched = new LaunchedRanks(process, arrivals, processes);
        launched.reader = new Thread(() -> launched.read(lines), "ztp-ranks");
        launched.reader.setDaemon(true);
        launched.reader.start();
        final Thread watcher = new Thread(() -> launched.watch(lines, witness), "ztp-watch");
        watcher.setDaemon(true);
        watcher.start();
        return launched;
    }

    /** Of each rank whose process has ended the witness is told once; one that cannot note it is told again. */
    private void watch(final Consumer<String> lines, final Witness witness) {
        final Set<Integer> untold = new HashSet<>();
        while (!ending) {
            LockSupport.parkNanos(untold.isEmpty() ? LOOK_NS : AGAIN_NS);
            for (final int rank : roles.keySet()) {
                if (processes.hasEnded(rank) && !ending) {
                    tell(rank, untold, lines, witness);
                }
            }
        }
    }

    private void tell(final int rank, final Set<Integer> untold, final Consumer<String> lines, final Witness witness) {
        final RankLine.Role role = roles.get(rank);
        if (!untold.contains(rank)) {
            lines.accept("rank " + rank + " has ended: replica " + role.replica());
        }
        try {
            witness.ended(role);
            roles.remove(rank);
            untold.remove(rank);
        } catch (final IOException now) {
            if (untold.add(rank)) {
                lines.accept("that could not be noted: " + now + "; it is tried again");
            }
        }
    }

    private void read(final Consumer<String> lines) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(launcher.getInputStream(),
            StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                read(line, lines);
            }
        } catch (final IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void read(final String line, final Consumer<String> lines) {
        lastLineNs = System.nanoTime();
        arrivals.heard(line, lastLineNs);
        final Optional<RankLine> told = RankLine.of(line);
        told.ifPresent(this::heed);
        if (told.filter(one -> one.word() == RankLine.Word.READY).isPresent()) {
            isReady(told.get(), lines);
        } else {
            lines.accept(line);
        }
    }

    private void heed(final RankLine told) {
        words.heard(told, System.nanoTime());
        if (told.word() == RankLine.Word.JOINED) {
            arrivals.joined(told);
            processes.joined(told.rank(), told.pid(), told.node());
        }
        told.role().ifPresent(role -> roles.put(told.rank(), role));
        if (told.word() == RankLine.Word.STOPPED || told.word() == RankLine.Word.FAILED) {
            processes.stopped(told.rank());
        }
    }

    private void isReady(final RankLine told, final Consumer<String> lines) {
        if (arrivals.isReady(told, System.nanoTime())) {
            processes.joined(told.rank(), told.pid(), told.node());
            lines.accept("rank " + told.rank() + " has pid " + told.pid()
                + (told.node().isEmpty() ? "" : " on " + told.node()));
        } else {
            lines.accept("rank " + told.rank() + " serves"); // a spare, which was ready to take a role before
        }
    }

    /**
     * Waits until all replicas are ready, and all spares that will be, or too few ranks come up to go on; COMING if none has said
     * anything for too long, or the launcher has ended. A rank that reads a long archive says that it is starting from time to
     * time.
     */
    Arrivals.Standing awaitReady(final Arrivals.Patience patience) throws InterruptedException {
        Arrivals.Standing standing = Arrivals.Standing.COMING;
        while (standing == Arrivals.Standing.COMING && System.nanoTime() - lastLineNs < patience.silentNs()
            && !launcher.waitFor(LOOK_NS, TimeUnit.NANOSECONDS)) {
            standing = arrivals.standing(patience, processes::isGone, System.nanoTime());
        }
        return standing;
    }

    /** The ranks that have come and are not known to be gone. */
    List<Arrivals.Place> there() {
        return arrivals.there(processes::isGone);
    }

    /** Ranks that have never been ready. */
    Set<Integer> missing() {
        return arrivals.missing();
    }

    /** How many ranks were started. */
    int ranks() {
        return arrivals.ranks();
    }

    /** Waits until the launcher has ended, and what it handed on is read; or until no rank runs any more. */
    void awaitEnd() throws InterruptedException {
        while (!launcher.waitFor(500, TimeUnit.MILLISECONDS)) {
            if (processes.running().isEmpty()) {
                return;
            }
        }
        reader.join(LAST_WORDS_MILLIS);
    }

    /**
     * Lets the ranks end in order, then the launcher, by force in the end.
     *
     * @param waitNs how long the ranks may take
     * @param apartNs how long after it was asked a rank has said that it stops, if it can; it is asked again then. One that
     *     is stopping may have much to hand over, and is waited for
     */
    void end(final long waitNs, final long apartNs) throws InterruptedException {
        ending = true;
        final long limit = System.nanoTime() + waitNs;
        Set<Integer> running = processes.running();
        words.begin(running, apartNs, System.nanoTime());
        while (launcher.isAlive() && !running.isEmpty() && System.nanoTime() - limit < 0
            && !words.areSpoken(running, System.nanoTime())) {
            final Set<Integer> silent = words.toAsk(running, System.nanoTime());
            if (!silent.isEmpty()) {
                processes.askToStop(silent);
                words.asked(silent, processes.running());
            }
            LockSupport.parkNanos(20_000_000);
            running = processes.running();
        }
        if (running.isEmpty()) {
            launcher.waitFor(LEAVE_NS, TimeUnit.NANOSECONDS);
        }
        endLauncher();
    }

    /** Ends ranks of which none has joined the others, and so has anything to hand over. */
    void abandon() throws InterruptedException {
        ending = true;
        endLauncher();
    }

    private void endLauncher() throws InterruptedException {
        final ProcessHandle handle = launcher.toHandle(); // the process itself would close what it said last
        handle.destroy();
        if (!launcher.waitFor(LAUNCHER_NS, TimeUnit.NANOSECONDS)) {
            handle.destroyForcibly();
            launcher.waitFor();
        }
        processes.kill();
        reader.join(LAST_WORDS_MILLIS);
    }

    /** How many ranks have said that they have stopped. */
    int stopped() {
        return words.stopped();
    }

    /** Whether most ranks that were not lost have said that they have stopped: they were told by somebody else. */
    boolean haveMostStopped() {
        return words.haveMostStopped(ranks());
    }

    /** Whether every rank that was started has said that it has stopped: none runs any more on whatever node. */
    boolean allStopped() {
        return words.stopped() == ranks();
    }

    /**
     * Whether the process of each rank that has ever come is known to have ended, also of one that never was ready; waits for so
     * long that they do.
     */
    boolean isGone(final long waitNs) {
        final long sinceNs = System.nanoTime();
        while (!there().isEmpty() && System.nanoTime() - sinceNs < waitNs) {
            LockSupport.parkNanos(LOOK_NS);
        }
        return there().isEmpty();
    }

    /** Ranks that ran when the end began and did not end in order, and any that said so of themselves. */
    Set<Integer> notInOrder() {
        return words.notInOrder();
    }

    /** The launcher's exit code once it has ended, for people. */
    String exit() {
        return launcher.isAlive() ? "none yet" : Integer.toString(launcher.exitValue());
    }
}
