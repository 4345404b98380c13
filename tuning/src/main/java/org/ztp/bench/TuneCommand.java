package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;
import org.ztp.tuning.sweep.DefaultFailedException;
import org.ztp.tuning.sweep.EvidenceTable;
import org.ztp.tuning.sweep.Goal;
import org.ztp.tuning.sweep.LoadFigure;
import org.ztp.tuning.sweep.NewFiles;
import org.ztp.tuning.sweep.Outcome;
import org.ztp.tuning.sweep.Point;
import org.ztp.tuning.sweep.ProfileText;
import org.ztp.tuning.sweep.Run;
import org.ztp.tuning.sweep.Search;
import org.ztp.tuning.sweep.Space;
import org.ztp.tuning.sweep.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ztp tune}. */
@Command(name = "tune", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Look for settings that are faster on this machine than the default; write a profile with its "
        + "evidence.",
    footer = {"", "Beside FILE, which ztp.conf can include, it writes every run (.csv) and a figure (.svg).",
        "Each run is a new cluster, its clients on the same machine; the default is measured in between, "
            + "and stays unless it is beaten by more than the noise.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed."})
final class TuneCommand implements Callable<Integer> {
    private static final int LEAST_SECONDS = 5;
    private static final int MOST_SECONDS = 86_400;
    private static final long LAUNCHED_WARMUP_NS = 4_000_000_000L;

    @Mixin
    private Common common;
    @Mixin
    private LoadOptions loaded;
    @Option(names = "--profile", defaultValue = "tuned.conf", paramLabel = "FILE",
        description = "The profile to write (default: ${DEFAULT-VALUE}).")
    private Path profile;
    @Option(names = "--replace", description = "Replace the profile and its evidence if they exist.")
    private boolean replace;
    @Option(names = "--seconds", defaultValue = "240", paramLabel = "S",
        description = "Time for everything, 5 .. 86400; more time finds smaller differences "
            + "(default: ${DEFAULT-VALUE}).")
    private int seconds;
    @Option(names = "--goal", defaultValue = "throughput", paramLabel = "throughput|latency",
        description = "throughput: most transactions a second; latency: least median latency at a fixed rate, half "
            + "of what the default reaches (default: ${DEFAULT-VALUE}).")
    private Goal goal;
    @Option(names = "--transport", defaultValue = "local", paramLabel = "local|mpi",
        description = "local: all replicas in this process; mpi: each run is a new ztp launch on this host, one "
            + "replica on each rank, which takes ten times as long (default: ${DEFAULT-VALUE}).")
    private String transport;
    @Option(names = "--in-flight", defaultValue = "16", paramLabel = "N",
        description = "Most bundles of a client in flight (default: ${DEFAULT-VALUE}).")
    private int inFlight;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        final Load load = load();
        final Path place = options().place();
        final Map<Path, String> files = files();
        final Map<Setting, String> fixed = new EnumMap<>(Map.of(Setting.DURABILITY, loaded.durability()));
        final Verdict verdict = search(load, place, fixed);
        final Map<String, Object> host = HostFacts.of(place);
        final String machine = "%s, %s cores, %s, %s on %s".formatted(host.get("cpu"), host.get("cores"),
            host.get("jdk"), host.get("fileSystem"), host.get("kernel"));
        final String setting = String.format(Locale.ROOT,
            "%d replicas %s, %d clients with %d bundles in flight, %d transactions of %d bytes a ",
                loaded.replicas(), transport.equals("mpi") ? "on ranks of MPI" : "in one process",
                loaded.clients(), inFlight, loaded.bundle(), loaded.payload()) + "bundle, durability "
            + loaded.durability() + ", goal " + goal.word();
        final List<Path> names = List.copyOf(files.keySet());
        files.put(names.get(0), EvidenceTable.of(verdict));
        files.put(names.get(1), LoadFigure.of(verdict, machine + "; " + setting));
        files.put(names.get(2), ProfileText.of(verdict, profile.getFileName().toString(), List.of("Machine: " + machine,
            "Measured: " + setting, "Made: " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " by: ztp "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs()),
            "Evidence: " + names.get(0).getFileName() + ", figure: " + names.get(1).getFileName())));
        NewFiles.write(files, replace);
        tell(verdict, names);
        return Exit.DONE.code();
    }

    private Verdict search(final Load load, final Path place, final Map<Setting, String> fixed) throws IOException {
        final Space space = Space.of(Runtime.getRuntime().availableProcessors());
        final boolean ranks = transport.equals("mpi");
        final ClusterTrials trials = new ClusterTrials(place, fixed, ranks ? this::launched : this::local,
            ranks ? LAUNCHED_WARMUP_NS : 0);
        final Thread interrupted = new Thread(() -> close(trials), "ztp-tune-stop");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            common.say("tuning for " + seconds + " s");
            return new Search(space, goal, load, seconds * 1_000_000_000L, trials, run -> progress(space, run)).run();
        } catch (final DefaultFailedException failed) {
            throw new CommandException(Exit.UNAVAILABLE, "the default settings gave no figures: " + failed.getMessage(),
                "try the same with: ztp bench");
        } finally {
            Runtime.getRuntime().removeShutdownHook(interrupted);
            close(trials);
        }
    }

    private ServedCluster local(final Path place, final Map<Setting, String> settings) throws IOException {
        return Cluster.start(place, loaded.replicas(), loaded.replicas(), Configuration.with(settings), false);
    }

    private ServedCluster launched(final Path place, final Map<Setting, String> settings) throws IOException {
        return LaunchedCluster.ranks(place, loaded.replicas(), loaded.replicas(), settings);
    }

    private static void close(final ClusterTrials trials) {
        try {
            trials.close();
        } catch (final IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    private void progress(final Space space, final Run run) {
        common.detail("%6.1f s  %-9s  %,12.0f tx/s  p50 %8.2f ms  p99 %8.2f ms  %s%s".formatted(run.startedNs() / 1e9,
            run.phase().name().toLowerCase(Locale.ROOT), run.outcome().perSecond(), run.outcome().p50Micros() / 1e3,
            run.outcome().p99Micros() / 1e3, run.point().against(space.standard()),
            run.outcome().failure().map(why -> "  " + why).orElse("")));
    }

    private void tell(final Verdict verdict, final List<Path> names) {
        final Point standard = verdict.space().standard();
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("defaultWins", !verdict.duel().isWon());
        out.put("gain", finite(verdict.duel().gain()));
        out.put("noiseBound", finite(verdict.duel().bound()));
        out.put("pairs", verdict.duel().pairs());
        out.put("runs", verdict.runs().size());
        out.put("default", figures(verdict.median(standard)));
        out.put("challenger", figures(verdict.median(verdict.challenger())));
        final Map<String, Object> chosen = new LinkedHashMap<>();
        verdict.chosen().values().forEach((setting, value) -> chosen.put(setting.key(), value));
        out.put("chosen", chosen);
        out.put("challenged", verdict.challenger().against(standard));
        out.put("evidence", names.get(0).toString());
        out.put("figure", names.get(1).toString());
        out.put("profile", names.get(2).toString());
        common.result(out, """
            %s
            default     %s
            challenger  %s   (%s)
            profile %s, evidence %s, figure %s""".formatted(verdict.sentence(), text(verdict.median(standard)),
            text(verdict.median(verdict.challenger())), verdict.challenger().against(standard), names.get(2),
            names.get(0), names.get(1)));
    }

    private static Map<String, Object> figures(final Outcome median) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("txPerSecond", finite(median.perSecond()));
        out.put("p50Micros", finite(median.p50Micros()));
        out.put("p99Micros", finite(median.p99Micros()));
        return out;
    }

    private static Object finite(final double value) {
        return Double.isFinite(value) ? (Object) (Math.round(value * 1e4) / 1e4) : null;
    }

    private static String text(final Outcome median) {
        return Double.isNaN(median.perSecond()) ? "no runs that decide"
            : "%,12.0f transactions/s   p50 %.2f ms   p99 %.2f ms"
            .formatted(median.perSecond(), median.p50Micros() / 1e3, median.p99Micros() / 1e3);
    }

    private BenchOptions options() {
        return new BenchOptions(common, "ztp tune --help");
    }

    private Load load() {
        word("--transport", transport, List.of("local", "mpi"));
        word("--durability", loaded.durability(), List.of("memory", "os", "disk"));
        final BenchOptions options = options();
        options.check("--seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
        return loaded.load(options, inFlight, loaded.bundle(), 0);
    }

    private static void word(final String option, final String actual, final List<String> expected) {
        if (!expected.contains(actual)) {
            throw new CommandException(Exit.USAGE,
                option + ": expected=" + String.join("|", expected) + " actual=" + actual, "ztp tune --help");
        }
    }

    /** The three files to write, the profile last; checked before any time is spent. */
    private Map<Path, String> files() {
        final Path directory = profile.toAbsolutePath().getParent();
        if (Files.isDirectory(profile) || directory == null || !Files.isDirectory(directory)
            || !Files.isWritable(directory)) {
            throw new CommandException(Exit.USAGE, profile + " cannot be written: it is a directory, or not in one "
                + "that can be written to", "name a file with --profile FILE");
        }
        final String stem = profile.getFileName().toString().replaceFirst("\\.conf$", "");
        final Map<Path, String> files = new LinkedHashMap<>();
        for (final Path file : List.of(profile.resolveSibling(stem + ".csv"), profile.resolveSibling(stem + ".svg"),
            profile)) {
            if (!replace && Files.exists(file)) {
                throw new CommandException(Exit.USAGE, file + " exists already",
                    "name another with --profile FILE, or say --replace");
            }
            files.put(file, "");
        }
        return files;
    }
}
