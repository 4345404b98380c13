package org.ztp.mpi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.cli.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp launch}: the ranks run this program as this process does, with {@code start} for {@code launch}. */
@Command(name = "launch", mixinStandardHelpOptions = true,
    description = "Start the service over MPI, one replica on each rank; prints one line 'ready …' when all serve.")
final class LaunchCommand implements Callable<Integer> {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(150);
    private static final long END_NS = TimeUnit.SECONDS.toNanos(30);

    @Mixin
    private Common common;
    @Option(names = "-n", paramLabel = "N", description = "Ranks: as many as the cluster has replicas (default: that many).")
    private Integer asked;
    @Option(names = "--slurm", description = "Start them on the nodes of this job, one on each.")
    private boolean slurm;
    @Option(names = "--with", paramLabel = "srun|mpirun", defaultValue = "srun",
        description = "What starts them in a job of Slurm (default: ${DEFAULT-VALUE}).")
    private String launcher;
    @Parameters(paramLabel = "START-OPTION", description = "After --, options of 'ztp start'.")
    private List<String> startOptions = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        final int replicas = common.genesis().replicas().size();
        if (asked != null && asked != replicas) {
            throw new CommandException(Exit.USAGE, "ranks: expected=" + replicas + " actual=" + asked,
                "start one rank for each replica of genesis.conf");
        }
        return slurm ? inJob(replicas) : onThisHost(replicas);
    }

    private int inJob(final int ranks) throws InterruptedException {
        if (!List.of("srun", "mpirun").contains(launcher)) {
            throw new CommandException(Exit.USAGE, "--with: expected=srun|mpirun actual=" + launcher, "srun is the default");
        }
        final SlurmJob job = SlurmJob.here(System.getenv(), ranks);
        new JobClaim(common.directory()).take(job);
        final SlurmLine line = new SlurmLine(launcher.equals("mpirun") ? Optional.of(mpirun()) : Optional.empty(), ranks,
            Optional.ofNullable(System.getenv("SLURM_CPUS_PER_TASK")));
        final ProcessBuilder builder = new ProcessBuilder(line.words(rank()));
        line.setEnvironment(builder.environment());
        return run(builder, ranks, job, Optional.empty());
    }

    private int onThisHost(final int ranks) throws IOException, InterruptedException {
        final Optional<Path> segments = Optional.of(Files.createTempDirectory(Path.of("/dev/shm"), "ztp-mpi-"));
        return run(new ProcessBuilder(new MpirunLine(mpirun(), ranks, segments).words(rank())), ranks,
            new LocalProcesses(), segments);
    }

    private static Path mpirun() {
        return Path.of(System.getProperty("ztp.mpirun", "mpirun"));
    }

    /** Does not return while the ranks serve; SIGTERM and SIGINT stop them in order, and end this process with exit 0. */
    private int run(final ProcessBuilder builder, final int ranks, final RankProcesses processes,
                    final Optional<Path> segments) throws InterruptedException {
        final LaunchedRanks launched;
        try {
            launched = LaunchedRanks.start(builder, ranks, processes, this::told);
        } catch (final IOException missing) {
            throw new CommandException(Exit.USAGE, missing.getMessage(), "native/setup.sh finds Open MPI");
        }
        final Thread end = new Thread(() -> {
            end(launched, segments);
            common.line("stopped ranks=" + launched.stopped() + " of=" + ranks);
            Runtime.getRuntime().halt(Exit.DONE.code());
        }, "ztp-stop");
        Runtime.getRuntime().addShutdownHook(end);
        final boolean ready = launched.awaitReady(START_NS);
        if (ready) {
            tellReady(ranks);
            launched.awaitEnd();
        }
        takeBack(end);
        end(launched, segments);
        throw new CommandException(Exit.UNAVAILABLE, (ready ? "all ranks have ended" : "not all ranks became ready")
            + ", exit code of the launcher: " + launched.exit(), "what the ranks said is above; nothing was lost");
    }

    /** Where ranks have stopped is told always, anything else if asked for more. */
    private void told(final String line) {
        if (line.startsWith("stopped ")) {
            common.say(line);
        } else {
            common.detail(line);
        }
    }

    /** Only one of the two ends the process: this thread, or the hook, which a signal has started and which halts it. */
    private static void takeBack(final Thread hook) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException signalled) {
            hook.join();
        }
    }

    private List<String> rank() {
        final List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "start",
            "--dir", common.directory().root().toAbsolutePath().toString(), "--transport", "mpi"));
        words.addAll(startOptions);
        return words;
    }

    private void tellReady(final int ranks) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", common.directory().root().toString());
        document.put("replicas", ranks);
        document.put("pid", ProcessHandle.current().pid());
        common.result(document, "ready dir=" + common.directory().root() + " replicas=" + ranks + " pid="
            + ProcessHandle.current().pid());
    }

    private static void end(final LaunchedRanks launched, final Optional<Path> segments) {
        try {
            launched.end(END_NS);
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        segments.ifPresent(LaunchCommand::delete);
    }

    private static void delete(final Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
