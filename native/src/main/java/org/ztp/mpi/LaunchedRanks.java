package org.ztp.mpi;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ranks that a launcher (mpirun, srun) runs. The launcher's exit code says little once a rank has died, and it may not even
 * end by itself; so the ranks' own words and processes count. Any thread may call.
 */
final class LaunchedRanks {
    private static final Pattern READY = Pattern.compile("ready dir=.* rank=([0-9]+) pid=([0-9]+)");
    private static final long LAUNCHER_NS = 10_000_000_000L;

    private final Process launcher;
    private final boolean onThisHost;
    private final Map<Integer, ProcessHandle> ranks = new ConcurrentHashMap<>();
    private final CountDownLatch ready;

    private LaunchedRanks(final Process launcher, final int ranks, final boolean onThisHost) {
        this.launcher = launcher;
        this.onThisHost = onThisHost;
        ready = new CountDownLatch(ranks);
    }

    /**
     * Runs the launcher.
     *
     * @param words its command
     * @param ranks how many it starts
     * @param onThisHost whether their processes can be seen here
     * @param lines told each line that the ranks print, but for their being ready
     */
    static LaunchedRanks start(final List<String> words, final int ranks, final boolean onThisHost,
                               final Consumer<String> lines) throws IOException {
        final Process process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        final LaunchedRanks launched = new LaunchedRanks(process, ranks, onThisHost);
        final Thread reader = new Thread(() -> launched.read(lines), "ztp-ranks");
        reader.setDaemon(true);
        reader.start();
        return launched;
    }

    private void read(final Consumer<String> lines) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(launcher.getInputStream(),
            StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                final Matcher told = READY.matcher(line);
                if (told.matches()) {
                    if (onThisHost) {
                        final int rank = Integer.parseInt(told.group(1));
                        ProcessHandle.of(Long.parseLong(told.group(2))).ifPresent(one -> ranks.put(rank, one));
                        lines.accept("rank " + rank + " has pid " + told.group(2));
                    }
                    ready.countDown();
                } else {
                    lines.accept(line);
                }
            }
        } catch (final IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Waits until all ranks have said that they are ready; false if they did not in time, or the launcher has ended. */
    boolean awaitReady(final long waitNs) throws InterruptedException {
        final long limit = System.nanoTime() + waitNs;
        while (System.nanoTime() - limit < 0) {
            if (ready.await(100, TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (!launcher.isAlive()) {
                return false;
            }
        }
        return false;
    }

    /** Waits until the launcher has ended, or no rank runs any more. */
    void awaitEnd() throws InterruptedException {
        while (!launcher.waitFor(500, TimeUnit.MILLISECONDS)) {
            if (onThisHost && ranks.values().stream().noneMatch(ProcessHandle::isAlive)) {
                return;
            }
        }
    }

    /**
     * Lets the ranks end in order, then the launcher, by force in the end.
     *
     * @param waitNs how long the ranks may take
     */
    void end(final long waitNs) throws InterruptedException {
        final long limit = System.nanoTime() + waitNs;
        ranks.values().forEach(ProcessHandle::destroy);
        while (ranks.values().stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(20_000_000);
        }
        launcher.destroy();
        if (!launcher.waitFor(onThisHost ? LAUNCHER_NS : waitNs, TimeUnit.NANOSECONDS)) {
            launcher.destroyForcibly().waitFor();
        }
        ranks.values().forEach(ProcessHandle::destroyForcibly);
    }

    /** The launcher's exit code once it has ended, for people. */
    String exit() {
        return launcher.isAlive() ? "none yet" : Integer.toString(launcher.exitValue());
    }
}
