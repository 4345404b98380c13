package org.ztp.team;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Ties threads to cores on Linux, without native code: a thread reads its own id from {@code /proc/thread-self}, the
 * {@code taskset} program (util-linux) sets its affinity, and {@code Cpus_allowed_list} tells whether it worked. For
 * start-up, not for the hot path: each call runs a program.
 */
public final class CoreBinding {
    private static final Path THREAD_SELF = Path.of("/proc/thread-self");
    private static final String CPUS = "Cpus_allowed_list:";
    private static final int TASKSET_LIMIT_S = 10;

    /** What became of a wish to bind a thread. */
    public enum Outcome {
        /** The thread runs on that core alone; read back from the kernel. */
        BOUND,
        /** This system has no {@code /proc/thread-self}. */
        NOT_SUPPORTED,
        /** There is no {@code taskset} on the PATH. */
        NO_TASKSET,
        /** {@code taskset} failed or hung, or the kernel does not show the wished core. */
        REFUSED,
        /** The process may use fewer cores than there are threads; binding would make them queue up. */
        TOO_FEW_CORES
    }

    private CoreBinding() {
    }

    /**
     * Binds every worker k of the team to the k-th core that the process may use; the masters stay free.
     *
     * @return one outcome for each worker 1 .. threads - 1, in that order
     */
    public static List<Outcome> bindWorkers(Team team) {
        Outcome[] outcomes = new Outcome[team.threads()];
        team.parallel(thread -> {
            if (thread > 0) {
                outcomes[thread] = bindWorker(thread, outcomes.length);
            }
        });
        return List.of(Arrays.copyOfRange(outcomes, 1, outcomes.length));
    }

    /** Binds the calling thread to one core, numbered as the kernel does. */
    public static Outcome bindCurrentThread(int core) {
        Optional<String> threadId = currentThreadId();
        if (threadId.isEmpty()) {
            return Outcome.NOT_SUPPORTED;
        }
        Process taskset;
        try {
            taskset = new ProcessBuilder("taskset", "-cp", Integer.toString(core), threadId.get())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Outcome.NO_TASKSET; // the outcome says all that is known: the program could not be started
        }
        boolean set = succeeded(taskset) && allowedCores(THREAD_SELF).equals(List.of(core));
        return set ? Outcome.BOUND : Outcome.REFUSED;
    }

    /** Cores that a thread may use, from its directory in /proc; empty where that cannot be read. */
    static List<Integer> allowedCores(Path threadDirectory) {
        try {
            return Files.readAllLines(threadDirectory.resolve("status")).stream()
                    .filter(line -> line.startsWith(CPUS))
                    .findFirst()
                    .map(line -> parseCores(line.substring(CPUS.length())))
                    .orElse(List.of());
        } catch (IOException e) {
            return List.of(); // the caller reports that cores are not known here
        }
    }

    /** Reads the kernel's list form, as {@code 0-3,8}; empty for anything else. */
    static List<Integer> parseCores(String list) {
        String text = list.strip();
        if (!text.matches("[0-9]{1,6}(-[0-9]{1,6})?(,[0-9]{1,6}(-[0-9]{1,6})?)*")) {
            return List.of();
        }
        return Arrays.stream(text.split(",")).map(range -> range.split("-")).flatMap(ends ->
                IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).boxed())
                .toList();
    }

    /** The kernel's id of the calling thread; empty where there is no /proc. */
    static Optional<String> currentThreadId() {
        try {
            return Optional.of(Files.readSymbolicLink(THREAD_SELF).getFileName().toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // the caller reports NOT_SUPPORTED
        }
    }

    private static Outcome bindWorker(int thread, int threads) {
        List<Integer> cores = allowedCores(Path.of("/proc/self"));
        if (cores.isEmpty()) {
            return Outcome.NOT_SUPPORTED;
        }
        return cores.size() < threads ? Outcome.TOO_FEW_CORES : bindCurrentThread(cores.get(thread));
    }

    private static boolean succeeded(Process taskset) {
        try {
            if (taskset.waitFor(TASKSET_LIMIT_S, TimeUnit.SECONDS)) {
                return taskset.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        taskset.destroyForcibly();
        return false;
    }
}
