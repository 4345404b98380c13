package org.ztp.slurm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Slurm of virtual nodes on this machine ({@code testbed/testbed.sh}), for one test class. Nodes are named
 * {@code node1} and so on. Closing it, or the end of the JVM, takes it down.
 */
final class TestBed implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("", "BOOT_FAIL", "CANCELLED", "COMPLETED", "FAILED", "NODE_FAIL",
        "OUT_OF_MEMORY", "PREEMPTED", "TIMEOUT");
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path directory;
    private final Thread atExit = new Thread(this::down);

    /**
     * What a command gave.
     *
     * @param exit its exit code
     * @param out  what it printed on stdout, without the last line's end
     * @param err  what it printed on stderr
     */
    record Answer(int exit, String out, String err) {
        /** What it printed, when it ended well. */
        String orThrow() {
            if (exit != 0) {
                throw new IllegalStateException("exit code: expected=0 actual=" + exit + " " + out + " " + err);
            }
            return out;
        }
    }

    private TestBed(final Path directory) {
        this.directory = directory;
    }

    /**
     * Starts it.
     *
     * @param directory its directory, with a name of at most 70 characters
     * @param options   of {@code testbed.sh up}
     * @return when all nodes are idle
     */
    static TestBed up(final Path directory, final String... options) {
        final TestBed bed = new TestBed(directory);
        bed.script("up", options).orThrow();
        Runtime.getRuntime().addShutdownHook(bed.atExit);
        return bed;
    }

    /** The directory that all nodes share. */
    Path shared() {
        return directory.resolve("shared");
    }

    /** Runs a command where users log in, in the shared directory. */
    Answer head(final String... command) {
        return script("head", command);
    }

    /** Runs a command on a node, in the shared directory. */
    Answer on(final String node, final String... command) {
        return script("on", withFirst(node, command));
    }

    /** Kills everything on a node, and its network. */
    void crash(final String node) {
        script("crash", node).orThrow();
    }

    /** Starts a crashed node again, with the disk that it had. */
    void boot(final String node) {
        script("boot", node).orThrow();
    }

    /** Starts a crashed node again, with an empty disk. */
    void bootBlank(final String node) {
        script("boot", node, "--blank").orThrow();
    }

    /** Takes a node's network away. */
    void cut(final String node) {
        script("cut", node).orThrow();
    }

    /** Gives a node's network back. */
    void uncut(final String node) {
        script("uncut", node).orThrow();
    }

    /** What Slurm says of a node: {@code idle}, {@code allocated}, {@code down} … */
    String state(final String node) {
        return script("state", node).orThrow();
    }

    /** Returns when Slurm says so; fails after a minute. */
    void awaitState(final String node, final String state) {
        script("waitnode", node, state, "60").orThrow();
    }

    /**
     * Submits a job.
     *
     * @param arguments of {@code sbatch}
     * @return the job's id
     */
    String submit(final String... arguments) {
        return head(withFirst("sbatch", withFirst("--parsable", arguments))).orThrow();
    }

    /** What Slurm says of a job: {@code PENDING}, {@code RUNNING} … */
    String jobState(final String job) {
        return head("squeue", "--noheader", "--states=all", "--jobs=" + job, "--format=%T").orThrow();
    }

    /** All that Slurm says of a job, and what its daemons have logged about it. */
    String told(final String job) {
        return head("bash", "-c", "scontrol --oneliner show job $0; grep -Ew \"(JobId=|job |StepId=)$0\" $1/*.log", job,
            directory.resolve("log").toString()).out();
    }

    /** Whether a job waits or runs. */
    boolean runs(final String job) {
        return !ENDED.contains(jobState(job));
    }

    /** Returns when a job has ended, with its state ({@code COMPLETED} …); fails after two minutes. */
    String awaitEnd(final String job) {
        return script("waitjob", job, "110").orThrow();
    }

    /**
     * Boots lost nodes, and lets Slurm forget what it waits for: jobs count as completing until a lost node is asked
     * again, and their other nodes' step daemons have waited for it in vain, which takes minutes.
     */
    void startAfresh(final List<String> lost) {
        final List<String> nodes = head("sinfo", "--noheader", "--Node", "--format=%N").orThrow().lines().toList();
        head("scontrol", "update", "NodeName=" + String.join(",", nodes), "State=DOWN", "Reason=test").orThrow();
        for (final String node : lost) {
            if (on(node, "true").exit() != 0) {
                boot(node);
            }
        }
        for (final String node : nodes) {
            head("scontrol", "update", "NodeName=" + node, "State=RESUME"); // refused if it is back by itself
            awaitState(node, "idle");
        }
    }

    /** Takes it down; the logs and the shared directory stay. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        down();
    }

    private void down() {
        script("down").orThrow();
    }

    private static String[] withFirst(final String first, final String... rest) {
        return Stream.concat(Stream.of(first), Arrays.stream(rest)).toArray(String[]::new);
    }

    private Answer script(final String command, final String... arguments) {
        final List<String> line = new ArrayList<>(List.of(System.getProperty("ztp.testbed"), "--dir",
            directory.toString(), command));
        line.addAll(List.of(arguments));
        try {
            return run(line);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            throw new IllegalStateException("interrupted in " + line, e);
        }
    }

    /** Output goes to files: a process that stays behind with a pipe open can't hold us up. */
    private Answer run(final List<String> line) throws IOException, InterruptedException {
        final Path out = Files.createTempFile("testbed", ".out");
        final Path err = Files.createTempFile("testbed", ".err");
        try {
            final Process process = new ProcessBuilder(line)
                .directory(Files.isDirectory(shared()) ? shared().toFile() : null)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException("no end after " + LIMIT + ": " + line);
            }
            return new Answer(process.exitValue(), Files.readString(out).stripTrailing(), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
