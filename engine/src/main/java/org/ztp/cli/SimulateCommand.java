package org.ztp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.ztp.simulation.Replay;
import org.ztp.simulation.Shrinker;
import org.ztp.simulation.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp simulate}. */
@Command(name = "simulate", mixinStandardHelpOptions = true,
    description = "Run the code of whole sub-clusters in one thread from one seed, on a simulated network, disk and clock that "
        + "fail, with replicas that lie and clients that share data, and check the ledger's promises after every step. Exit 5 "
        + "if one is broken.")
final class SimulateCommand implements Callable<Integer> {
    /** Where many seeds are run, every fourth also draws and runs an allocation. */
    private static final int ALLOCATION_EVERY = 4;

    private final Function<Replay, Map<String, Integer>> simulated;

    @Mixin
    private Common common;
    @Option(names = "--seed", paramLabel = "S", required = true, description = "The first seed.")
    private long seed;
    @Option(names = "--seeds", paramLabel = "K", defaultValue = "1",
        description = "How many seeds, one after another (default: ${DEFAULT-VALUE}).")
    private int seeds;
    @Option(names = "--allocations",
        description = "Simulate allocations whose clients share data and whose sizes the seeds draw. Where many seeds are "
            + "run, every fourth does so too.")
    private boolean allocations;
    @Option(names = "--replicas", paramLabel = "N", defaultValue = "0",
        description = "Simulate an allocation of so many replicas whose clients share data, 4 .. 1000 (default: as the seed "
            + "draws).")
    private int replicas;
    @Option(names = "--sub-cluster-size", paramLabel = "M", defaultValue = "0",
        description = "Replicas of each of its sub-clusters, 4 .. 255 (default: all in one).")
    private int subClusterSize;
    @Option(names = "--steps", paramLabel = "N", defaultValue = "0",
        description = "End each run after so many steps; 0 lets everything heal and waits for it (default: ${DEFAULT-VALUE}).")
    private long steps;
    @Option(names = "--bundles", paramLabel = "N", defaultValue = "" + Replay.BUNDLES_PER_SECOND,
        description = "Bundles that clients submit in each simulated second, 1 .. 1000 (default: ${DEFAULT-VALUE}).")
    private int bundles;
    @Option(names = "--without", paramLabel = "NAME", split = ",",
        description = "Leave these troubles out, such as crashes or twins.")
    private final Set<String> without = new TreeSet<>();
    @Option(names = "--trace", paramLabel = "FILE",
        description = "Write each step of the first run that breaks a promise, or of the only one, here.")
    private Path trace;

    /**
     * What came of it.
     *
     * @param replay what was simulated
     * @param counts what happened
     * @param violation the promise that was broken; empty for none
     */
    private record Run(Replay replay, Map<String, Integer> counts, String violation) { }

    /** Runs what it is asked for. */
    SimulateCommand() {
        this(replay -> replay.simulation().run(Replay.SECONDS, replay.bundlesPerSecond()));
    }

    /**
     * Runs something else.
     *
     * @param simulated gives counts of what happened, or throws what was violated
     */
    SimulateCommand(final Function<Replay, Map<String, Integer>> simulated) {
        this.simulated = simulated;
    }

    @Override
    public Integer call() throws IOException {
        if (seeds < 1 || steps < 0) {
            throw new CommandException(Exit.USAGE, "out of range: --seeds " + seeds + " --steps " + steps,
                "--seeds is 1 or more, --steps 0 or more");
        }
        if (bundles < 1 || bundles > 1000 || !Replay.troubles().containsAll(without)) {
            throw new CommandException(Exit.USAGE, "out of range, or no trouble: --bundles " + bundles + " --without "
                + String.join(",", without),
                "--bundles is 1 .. 1000; --without takes " + String.join(",", Replay.troubles()));
        }
        if (subClusterSize != 0 && replicas == 0 || replicas != 0 && (replicas < 4 || replicas > 1000
            || members() < 4 || members() > 255 || members() > replicas)) {
            throw new CommandException(Exit.USAGE, "out of range: --replicas " + replicas + " --sub-cluster-size "
                + members(), "try --replicas 12 --sub-cluster-size 4");
        }
        if (allocations && replicas != 0) {
            throw new CommandException(Exit.USAGE, "--allocations draws what --replicas " + replicas + " fixes",
                "leave one of them out");
        }
        if (trace != null) {
            requireWritable(trace);
        }
        final List<Run> runs = runs().parallelStream().map(this::run).toList();
        final Map<String, Long> sums = new TreeMap<>();
        runs.forEach(run -> run.counts().forEach((what, count) -> sums.merge(what, (long) count, Long::sum)));
        final List<Run> broken = runs.stream().filter(run -> !run.violation().isEmpty()).toList();
        tell(sums, broken);
        if (trace != null && (seeds == 1 || !broken.isEmpty())) {
            traceOf(broken.isEmpty() ? runs.get(0).replay() : broken.get(0).replay(), !broken.isEmpty());
        }
        if (!broken.isEmpty()) {
            final Run first = broken.get(0);
            throw new CommandException(Exit.UNVERIFIED, name(first) + ": " + first.violation(),
                "again, step by step: ztp simulate " + shorter(first.replay()) + " --trace FILE");
        }
        return Exit.DONE.code();
    }

    /** Tried before hours of work; a file that was not there is made when there is something to trace. */
    private static void requireWritable(final Path file) throws IOException {
        final boolean made = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        if (made) {
            Files.delete(file);
        }
    }

    private static String name(final Run run) {
        return "seed " + run.replay().seed() + (run.replay().replicas() == 0 ? "" : " with " + run.replay().replicas()
            + " replicas in sub-clusters of " + run.replay().members());
    }

    /** The options of the shortest run that fails like this one, as far as one is found. */
    private static String shorter(final Replay replay) {
        return replay.failure().map(failure -> new Shrinker(replay, failure).shrunk()).orElse(replay).options();
    }

    private void tell(final Map<String, Long> sums, final List<Run> broken) {
        if (common.isJson()) {
            final Map<String, Object> document = new LinkedHashMap<>();
            document.put("seed", seed);
            document.put("seeds", seeds);
            document.put("violations", broken.size());
            document.put("broken", broken.stream().map(SimulateCommand::document).toList());
            document.put("counts", sums);
            common.line(Json.of(document));
            return;
        }
        if (seeds == 1) {
            common.line(runs().get(0).simulation().faults());
        }
        sums.forEach((what, count) -> common.line(what + ": " + count));
        broken.forEach(run -> common.line(name(run) + ": " + run.violation()));
        common.line(seeds + (seeds == 1 ? " seed, " : " seeds, ") + broken.size()
            + (broken.size() == 1 ? " violation" : " violations"));
    }

    private static Map<String, Object> document(final Run run) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("seed", run.replay().seed());
        document.put("replicas", run.replay().replicas());
        document.put("subClusterSize", run.replay().members());
        document.put("violation", run.violation());
        return document;
    }

    /** One of many that fails is told of at once: the rest may take hours, or not end. */
    private Run run(final Replay replay) {
        try {
            return new Run(replay, simulated.apply(replay), "");
        } catch (final RuntimeException violation) {
            final Run broken = new Run(replay, Map.of(), String.valueOf(violation.getMessage()));
            if (seeds > 1) {
                common.say(name(broken) + ": " + broken.violation());
            }
            return broken;
        }
    }

    private int members() {
        return subClusterSize == 0 ? replicas : subClusterSize;
    }

    /** One for each seed; where many are drawn, an allocation beside every fourth. */
    private List<Replay> runs() {
        final List<Replay> runs = new ArrayList<>();
        for (int number = 0; number < seeds; number++) {
            final long one = seed + number; // after the last one comes the first
            final Replay drawn = new Replay(one, 0, 0, without, bundles, steps);
            if (replicas > 0) {
                runs.add(drawn.of(replicas, members()));
            } else if (allocations) {
                runs.add(drawn.ofAllocation());
            } else {
                runs.add(drawn);
            }
            if (replicas == 0 && !allocations && seeds > 1 && one % ALLOCATION_EVERY == 0) {
                runs.add(drawn.ofAllocation());
            }
        }
        return runs;
    }

    private void traceOf(final Replay replay, final boolean broken) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(trace))) {
            try {
                final Simulation again = replay.simulation();
                again.course().traceTo(out::println);
                again.run(Replay.SECONDS, bundles);
            } catch (final RuntimeException violation) {
                out.println(violation);
            }
            if (out.checkError()) {
                final String cut = "the trace is not whole: " + trace + " cannot be written";
                if (!broken) {
                    throw new CommandException(Exit.UNAVAILABLE, cut, "look for room there: df " + trace);
                }
                common.say(cut); // beside what matters more
            }
        }
    }
}
