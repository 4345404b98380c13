package org.ztp.mpi;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.ztp.cli.Claim;
import org.ztp.cli.ClaimHolder;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.cli.LauncherWatch;
import org.ztp.cli.Main;
import org.ztp.cli.RecoverCommand;
import org.ztp.cli.SlurmQueue;
import org.ztp.client.ring.ClientPort;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationText;
import org.ztp.config.Setting;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.ProcessDirectories;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp launch}: the ranks run this program as this process does, with {@code start} for {@code launch}. */
@Command(name = "launch", mixinStandardHelpOptions = true,
    description = "Start the service over MPI, one replica on each rank, and spare ranks that take over from ranks that die;"
        + " prints one line 'ready …' when all serve.")
final class LaunchCommand implements Callable<Integer> {
    private static final String CONFIG = "--config";
    private static final Arrivals.Patience START = new Arrivals.Patience(TimeUnit.SECONDS.toNanos(150),
        TimeUnit.SECONDS.toNanos(45), TimeUnit.SECONDS.toNanos(30));
    private static final int MAX_SPARES = 1_024;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** Where ranks on one host share memory, and Open MPI keeps its own files. */
    private static final String SEGMENTS = "ztp-mpi-";
    /** So long the ranks may take to end in order; in a job of Slurm all the time that is left, if that is more. */
    private static final long END_S = 50;
    /** What is left of it for the launcher's own end. */
    private static final long AFTERWARDS_S = 15;
    /** How setsid ends if there is no such program. */
    private static final String NOT_FOUND = "127";
    /** So long a rank that was killed may take to be gone. */
    private static final long GONE_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long APART_NS = TimeUnit.SECONDS.toNanos(10);

    private final Path sharedMemory;

    @Mixin
    private Common common;
    @Option(names = "-n", paramLabel = "N", description = "Replicas, as many as the cluster has (default: that many).")
    private Integer asked;
    @Option(names = "--spares", paramLabel = "S", description = "Further ranks that take over from ranks that die (default: 1;"
        + " in a job of Slurm as many as it has nodes beyond the replicas').")
    private Integer askedSpares;
    @Option(names = "--slurm", description = "Start them on the nodes of this job, one on each.")
    private boolean slurm;
    @Option(names = "--with", paramLabel = "srun|mpirun", defaultValue = "srun",
        description = "What starts them in a job of Slurm (default: ${DEFAULT-VALUE}).")
    private String launcher;
    @Option(names = "--recover", description = "Before that, do what 'ztp recover --yes' does, unless the last service ended"
        + " in order.")
    private boolean recover;
    @Parameters(paramLabel = "START-OPTION", description = "After --, options of 'ztp start'.")
    private List<String> startOptions = List.of();

    /** On this machine. */
    LaunchCommand() {
        this(SHARED_MEMORY);
    }

    /**
     * With another directory for what ranks on one host share.
     *
     * @param sharedMemory in memory
     */
    LaunchCommand(final Path sharedMemory) {
        this.sharedMemory = sharedMemory;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final int replicas = common.genesis().replicas().size();
        if (asked != null && asked != replicas) {
            throw new CommandException(Exit.USAGE, "ranks: expected=" + replicas + " actual=" + asked,
                "start one rank for each replica of genesis.conf");
        }
        if (startOptions.contains("--json")) {
            throw new CommandException(Exit.USAGE, "ranks tell this command how they are in words: --json is not for them",
                "put it before --");
        }
        final int spares = askedSpares != null ? askedSpares
            : slurm ? Math.max(0, SlurmJob.nodes(System.getenv()) - replicas) : 1;
        if (spares < 0 || spares > MAX_SPARES) {
            throw new CommandException(Exit.USAGE, "spares: expected=0 .. " + MAX_SPARES + " actual=" + spares, "");
        }
        return slurm ? inJob(replicas, spares) : onThisHost(replicas, spares);
    }

    private int inJob(final int replicas, final int spares) throws InterruptedException {
        final int ranks = replicas + spares;
        if (!List.of("srun", "mpirun").contains(launcher)) {
            throw new CommandException(Exit.USAGE, "--with: expected=srun|mpirun actual=" + launcher, "srun is the default");
        }
        final SlurmJob job = SlurmJob.here(System.getenv(), ranks, common::say);
        requireEffect(System.getenv());
        final Claim claim = claim(true);
        recover(claim);
        final Muster.Line line = (count, nodes) -> {
            final SlurmLine words = new SlurmLine(launcher.equals("mpirun") ? Optional.of(mpirun()) : Optional.empty(), count,
                nodes, Optional.ofNullable(System.getenv("SLURM_CPUS_PER_TASK")));
            final ProcessBuilder builder = new ProcessBuilder(words.words(rank(claim, List.of())));
            words.setEnvironment(builder.environment());
            return builder;
        };
        return run(line, spares, job, Optional.empty(), claim, () -> queueAgain(job));
    }

    /** A variable that the configuration does not take in would promise what nobody keeps, such as a durability. */
    private void requireEffect(final Map<String, String> environment) {
        final Map<Setting, String> variables = ConfigurationText.variables(environment);
        if (variables.isEmpty()) {
            return;
        }
        final Configuration configuration = common.configuration(configurationFile());
        variables.forEach((setting, name) -> {
            if (!configuration.text(setting).equals(environment.get(name))) {
                throw new CommandException(Exit.USAGE, setting.key() + ": expected=" + environment.get(name) + " by " + name
                    + " actual=" + (configuration.text(setting).isEmpty() ? "none" : configuration.text(setting))
                    + " by the configuration", "the configuration has to take it in: " + setting.key() + " = ${?" + name + "}");
            }
        });
    }

    private int onThisHost(final int replicas, final int spares) throws IOException, InterruptedException {
        final Claim claim = claim(false);
        recover(claim);
        final Optional<Path> segments = Optional.of(segments(claim));
        final List<String> share = new HostShare(Runtime.getRuntime().availableProcessors(), replicas).options();
        return run((count, nodes) -> new ProcessBuilder(new MpirunLine(mpirun(), count, segments).words(rank(claim, share))),
            spares, new LocalProcesses(), segments, claim, () -> { });
    }

    private Path segments(final Claim claim) throws IOException {
        try {
            final ProcessDirectories host = ProcessDirectories.in(sharedMemory, SEGMENTS);
            host.deleteLeftOver(common::say);
            return host.make();
        } catch (final IOException cannot) {
            claim.end(common::say);
            throw cannot;
        }
    }

    private Claim claim(final boolean inJob) throws InterruptedException {
        return Claim.take(common.directory(), ClaimHolder.here(inJob, System.getenv()), new SlurmQueue());
    }

    private void queueAgain(final SlurmJob job) {
        try {
            if (job.isPreempted()) {
                common.say("preempted: job " + job.id() + " goes back into the queue");
                if (!job.requeue()) {
                    common.say("Slurm has refused that; by hand: scontrol requeue " + job.id());
                }
            }
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void recover(final Claim claim) {
        try {
            recover();
        } catch (final CommandException cannot) {
            claim.end(common::say);
            throw cannot;
        }
    }

    private void recover() {
        if (recover) {
            RecoverCommand.runIfLost(common.directory(), common.genesis(), common.configuration(configurationFile())).ifPresentOrElse(
                points -> points.forEach(point -> common.say("sub-cluster " + point.subCluster() + " goes on from height "
                    + point.root().height())),
                () -> common.say("nothing is recovered: the last service ended in order, and nothing is lost"));
        }
    }

    /** That of the start options; null if there is none. */
    private Path configurationFile() {
        final int at = startOptions.indexOf(CONFIG);
        if (at >= 0 && at + 1 < startOptions.size()) {
            return Path.of(startOptions.get(at + 1));
        }
        return startOptions.stream().filter(word -> word.startsWith(CONFIG + "=")).findFirst()
            .map(word -> Path.of(word.substring(CONFIG.length() + 1))).orElse(null);
    }

    private static Path mpirun() {
        return Path.of(System.getProperty("ztp.mpirun", "mpirun"));
    }

    /**
     * Does not return while the ranks serve. SIGTERM and SIGINT stop them in order, and end this process with exit 0, or
     * with 4 if one did not end in order; so does their own end.
     */
    private int run(final Muster.Line line, final int spares, final RankProcesses processes,
                    final Optional<Path> segments, final Claim claim, final Runnable afterwards) throws InterruptedException {
        final int replicas = common.genesis().replicas().size();
        final Muster muster;
        try {
            muster = Muster.start(new Muster.Setting(line, replicas, processes, this::told,
                role -> common.directory().incarnations(role.replica()).noteEnded(role.incarnation()), common::say), spares);
        } catch (final IOException missing) {
            segments.ifPresent(this::delete);
            claim.end(common::say);
            throw new CommandException(Exit.USAGE, missing.getMessage(), "native/setup.sh finds Open MPI");
        }
        final Thread end = new Thread(() -> {
            final LaunchedRanks launched = muster.last();
            end(launched, segments, claim);
            final int exit = tellEnd(launched).map(common::error).orElse(Exit.DONE.code());
            afterwards.run();
            Runtime.getRuntime().halt(exit);
        }, "ztp-stop");
        Runtime.getRuntime().addShutdownHook(end);
        boolean ready = false;
        try {
            final OptionalInt up = muster.await(START);
            if (up.isPresent()) {
                ready = true;
                tellReady(replicas, up.getAsInt());
                muster.last().awaitEnd();
            }
        } finally {
            takeBack(end);
            end(muster.last(), segments, claim);
        }
        final LaunchedRanks launched = muster.last();
        if (ready && launched.haveMostStopped()) { // told by Slurm
            final Optional<CommandException> left = tellEnd(launched);
            afterwards.run();
            if (left.isPresent()) {
                throw left.get();
            }
            return Exit.DONE.code();
        }
        throw new CommandException(Exit.UNAVAILABLE, (ready ? "all ranks have ended" : "not all ranks became ready")
            + ", exit code of the launcher: " + launched.exit(), launched.exit().equals(NOT_FOUND)
            ? "native/setup.sh finds Open MPI" : "what the ranks said is above; nothing was lost");
    }

    /** Tells who has stopped; what to say, and to exit with, if one did not end in order. */
    private Optional<CommandException> tellEnd(final LaunchedRanks launched) {
        common.further("stopped ranks=" + launched.stopped() + " of=" + launched.ranks());
        return leftBehind(launched);
    }

    /** What to say, and to exit with, if ranks that ran did not end in order. */
    private static Optional<CommandException> leftBehind(final LaunchedRanks launched) {
        final Set<Integer> left = new TreeSet<>(launched.notInOrder());
        return left.isEmpty() ? Optional.empty() : Optional.of(new CommandException(Exit.UNAVAILABLE,
            "ranks that did not end in order: " + left, "what they had to hand over is in the journals on their nodes;"
            + " what ranks said is above"));
    }

    /** Where ranks have stopped is told always, anything else if asked for more. */
    private void told(final String line) {
        if (line.startsWith("stopped ") || line.startsWith("not stopped ")) {
            common.say(line);
        } else {
            common.detail(line);
        }
    }

    /**
     * Only one of the two ends the process: this thread, or the hook, which a signal has started and which halts it.
     */
    private static void takeBack(final Thread hook) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException signalled) {
            hook.join();
        }
    }

    /** The words of a rank; an option of this JVM comes after one of the JVM of a rank, and so overrules it. */
    private List<String> rank(final Claim claim, final List<String> options) {
        final List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        (slurm ? LauncherWatch.inJob() : Optional.of(LauncherWatch.onThisHost())).ifPresent(words::add);
        words.add("-D" + Claim.PROPERTY + "=" + claim.number());
        words.addAll(options);
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "start",
            "--dir", common.directory().root().toAbsolutePath().toString(), "--transport", "mpi"));
        words.addAll(startOptions);
        return words;
    }

    private void tellReady(final int replicas, final int spares) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", common.directory().root().toString());
        document.put("replicas", replicas);
        document.put("spares", spares);
        document.put("pid", ProcessHandle.current().pid());
        common.result(document, "ready dir=" + common.directory().root() + " replicas=" + replicas
            + " spares=" + spares + " pid=" + ProcessHandle.current().pid());
    }

    private void end(final LaunchedRanks launched, final Optional<Path> segments, final Claim claim) {
        try {
            launched.end(TimeUnit.SECONDS.toNanos(slurm ? Math.max(END_S, secondsLeft()) : END_S), APART_NS);
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        segments.ifPresent(this::delete);
        if (slurm ? launched.allStopped() : launched.isGone(GONE_NS)) {
            claim.end(common::say);
        } else {
            claim.close(); // ranks may still run, on nodes out of reach or in a file system; this job's end tells, or their locks
        }
        try {
            ClientPort.removeLeftOver(common.directory().root());
        } catch (final IOException left) {
            common.say("what clients and ranks shared in memory cannot be removed: " + left);
        }
    }

    private void delete(final Path segments) {
        try {
            DirectoryTree.delete(segments);
        } catch (final StorageException left) {
            common.say("what the ranks shared in memory cannot be removed: " + left.getMessage());
        }
    }

    /** How long ranks may take to hand over before Slurm ends the job. */
    private static long secondsLeft() {
        return SlurmJob.secondsLeft(System.getenv(), System.currentTimeMillis() / 1000) - AFTERWARDS_S;
    }
}
