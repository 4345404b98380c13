package org.ztp.mpi;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ranks that a launcher (mpirun, srun) runs. The launcher's exit code says little once a rank has died, and it may not
 * even end by itself; so the ranks' own words and processes count. Any thread may call.
 */
final class LaunchedRanks {
    private static final Pattern READY = Pattern.compile("ready dir=.* rank=([0-9]+) pid=([0-9]+)(?: node=(\\S+))?");
    private static final Pattern STOPPING = Pattern.compile("stopping dir=.* rank=([0-9]+)");
    private static final Pattern STOPPED = Pattern.compile("stopped dir=.* rank=([0-9]+)");
    private static final Pattern ROLE =
        Pattern.compile(".* replica=([0-9]+) incarnation=([0-9]+) rank=([0-9]+) pid=.*");
    private static final long LOOK_NS = 50_000_000L;
    private static final long LAST_WORDS_MILLIS = 2_000;
    private static final long LAUNCHER_NS = 10_000_000_000L;
    /** So long a rank may take from its last word to its end. */
    private static final long LEAVE_NS = 4_000_000_000L;
    /** So long after they were told to stop, with none that says it does, they are told again: the word may be lost. */
    private static final long AGAIN_NS = 10_000_000_000L;

    private final Process launcher;
    private final RankProcesses processes;
    private final Map<Integer, Role> roles = new ConcurrentHashMap<>();
    private final Set<Integer> said = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ready;
    private Thread reader;
    private volatile boolean ending;
    private final Set<Integer> stopping = ConcurrentHashMap.newKeySet();
    /** When a rank has said last that it stops or has stopped; 0 while none has. */
    private volatile long lastWordNs;
    /** When a rank has said anything last. */
    private volatile long lastLineNs = System.nanoTime();
    private final AtomicInteger stopped = new AtomicInteger();

    /** What a rank runs. */
    record Role(int replica, int incarnation) { }

    /** Told that the process of an incarnation has ended, as long as the service goes on. */
    interface Witness {
        void ended(Role role) throws IOException;
    }

    private LaunchedRanks(final Process launcher, final int ranks, final RankProcesses processes) {
        this.launcher = launcher;
        this.processes = processes;
        ready = new CountDownLatch(ranks);
    }

    /**
     * Runs the launcher.
     *
     * @param builder its command and environment
     * @param ranks how many it starts
     * @param processes how their processes are reached
     * @param lines told each line that the ranks print, but for their being ready
     * @param witness told whose process has ended, where that can be seen
     */
    static LaunchedRanks start(final ProcessBuilder builder, final int ranks, final RankProcesses processes,
                               final Consumer<String> lines, final Witness witness) throws IOException {
        final Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        final LaunchedRanks launched = new LaunchedRanks(process, ranks, processes);
        launched.reader = new Thread(() -> launched.read(lines), "ztp-ranks");
        launched.reader.setDaemon(true);
        launched.reader.start();
        final Thread watcher = new Thread(() -> launched.watch(lines, witness), "ztp-watch");
        watcher.setDaemon(true);
        watcher.start();
        return launched;
    }

    /** Of each rank whose process has ended the witness is told once. */
    private void watch(final Consumer<String> lines, final Witness witness) {
        while (!ending) {
            LockSupport.parkNanos(LOOK_NS);
            for (final int rank : roles.keySet()) {
                if (processes.hasEnded(rank) && !ending) {
                    final Role role = roles.remove(rank);
                    lines.accept("rank " + rank + " has ended: replica " + role.replica());
                    try {
                        witness.ended(role);
                    } catch (final IOException untold) {
                        lines.accept("that could not be noted: " + untold);
                    }
                }
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
        final Matcher isReady = READY.matcher(line);
        final Matcher isStopping = STOPPING.matcher(line);
        final Matcher hasStopped = STOPPED.matcher(line);
        final Matcher hasRole = ROLE.matcher(line);
        if (hasRole.matches()) {
            roles.put(Integer.valueOf(hasRole.group(3)),
                new Role(Integer.parseInt(hasRole.group(1)), Integer.parseInt(hasRole.group(2))));
        }
        if (isReady.matches()) {
            final int rank = Integer.parseInt(isReady.group(1));
            final String node = isReady.group(3);
            if (said.add(rank)) {
                processes.ready(rank, Long.parseLong(isReady.group(2)), node == null ? "" : node);
                lines.accept("rank " + rank + " has pid " + isReady.group(2) + (node == null ? "" : " on " + node));
                ready.countDown();
            } else {
                lines.accept("rank " + rank + " serves"); // a spare, which was ready to take a role before
            }
        } else {
            lines.accept(line);
            if (isStopping.matches()) {
                stopping.add(Integer.valueOf(isStopping.group(1)));
                lastWordNs = System.nanoTime();
            } else if (hasStopped.matches()) {
                stopping.remove(Integer.valueOf(hasStopped.group(1)));
                lastWordNs = System.nanoTime();
                stopped.incrementAndGet();
                processes.stopped(Integer.parseInt(hasStopped.group(1)));
            }
        }
    }

    /**
     * Waits until all ranks have said that they are ready; false if none has said anything for so long, or the launcher
     * has ended. A rank that reads a long archive says that it is starting from time to time.
     */
    boolean awaitReady(final long silentNs) throws InterruptedException {
        while (System.nanoTime() - lastLineNs < silentNs) {
            if (ready.await(100, TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (!launcher.isAlive()) {
                return false;
            }
        }
        return false;
    }

    /** Waits until the launcher has ended, and what it handed on is read; or until no rank runs any more. */
    void awaitEnd() throws InterruptedException {
        while (!launcher.waitFor(500, TimeUnit.MILLISECONDS)) {
            if (!processes.anyRuns()) {
                return;
            }
        }
        reader.join(LAST_WORDS_MILLIS);
    }

    /**
     * Lets the ranks end in order, then the launcher, by force in the end.
     *
     * @param waitNs how long the ranks may take
     * @param apartNs so long after a rank has said that it stops, one that has not said so is dead: they are told to
     *     stop together. One that is stopping may have much to hand over, and is waited for
     */
    void end(final long waitNs, final long apartNs) throws InterruptedException {
        ending = true;
        final long limit = System.nanoTime() + waitNs;
        long askedNs = System.nanoTime() - AGAIN_NS;
        while (launcher.isAlive() && processes.anyRuns() && System.nanoTime() - limit < 0 && !onlyTheDeadAreLeft(apartNs)) {
            if (lastWordNs == 0 && System.nanoTime() - askedNs >= AGAIN_NS) {
                processes.askToStop();
                askedNs = System.nanoTime();
            }
            LockSupport.parkNanos(20_000_000);
        }
        if (!processes.anyRuns()) {
            launcher.waitFor(LEAVE_NS, TimeUnit.NANOSECONDS);
        }
        launcher.destroy();
        if (!launcher.waitFor(LAUNCHER_NS, TimeUnit.NANOSECONDS)) {
            launcher.destroyForcibly().waitFor();
        }
        processes.kill();
    }

    private boolean onlyTheDeadAreLeft(final long apartNs) {
        return lastWordNs != 0 && stopping.isEmpty() && System.nanoTime() - lastWordNs >= apartNs;
    }

    /** How many ranks have said that they have stopped. */
    int stopped() {
        return stopped.get();
    }

    /** The launcher's exit code once it has ended, for people. */
    String exit() {
        return launcher.isAlive() ? "none yet" : Integer.toString(launcher.exitValue());
    }
}
