package org.ztp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.ztp.simulation.Replay;
import org.ztp.simulation.Shrinker;
import org.ztp.simulation.SimulatedAllocation;
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
    /** Where many seeds are run, every sixteenth also runs an allocation of this size. */
    private static final int ALLOCATION_EVERY = 16;
    private static final int ALLOCATION_REPLICAS = 12;
    private static final int ALLOCATION_MEMBERS = 4;

    @Mixin
    private Common common;
    @Option(names = "--seed", paramLabel = "S", required = true, description = "The first seed.")
    private long seed;
    @Option(names = "--seeds", paramLabel = "K", defaultValue = "1",
        description = "How many seeds, one after another (default: ${DEFAULT-VALUE}).")
    private int seeds;
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
        description = "Leave these troubles of the one sub-cluster out, such as crashes or twins.")
    private final Set<String> without = new TreeSet<>();
    @Option(names = "--trace", paramLabel = "FILE",
        description = "Write each step of the first run that breaks a promise, or of the only one, here.")
    private Path trace;

    /**
     * What is simulated.
     *
     * @param replay the seed, and what is left out
     * @param replicas replicas of an allocation; 0 for the one sub-cluster that the seed draws
     * @param members replicas of each of its sub-clusters
     */
    private record Job(Replay replay, int replicas, int members) {
        Simulation simulation() {
            if (replicas == 0) {
                return replay.cluster();
            }
            final Simulation made = new SimulatedAllocation(replay.seed(), replicas, members);
            return replay.steps() == 0 ? made : made.stoppedAfter(replay.steps());
        }

        Map<String, Integer> run() {
            return simulation().run(Replay.SECONDS, replay.bundlesPerSecond());
        }

        /** The options that ask for it. */
        String options() {
            return replay.options() + (replicas == 0 ? "" : " --replicas " + replicas + " --sub-cluster-size " + members);
        }
    }

    /**
     * What came of it.
     *
     * @param job what was simulated
     * @param counts what happened
     * @param violation the promise that was broken; empty for none
     */
    private record Run(Job job, Map<String, Integer> counts, String violation) { }

    @Override
    public Integer call() throws IOException {
        if (seeds < 1 || steps < 0) {
            throw new CommandException(Exit.USAGE, "out of range: --seeds " + seeds + " --steps " + steps,
                "--seeds is 1 or more, --steps 0 or more");
        }
        if (bundles < 1 || bundles > 1000 || !Replay.troubles().containsAll(without)) {
            throw new CommandException(Exit.USAGE, "--bundles " + bundles + " --without " + String.join(",", without),
                "--bundles is 1 .. 1000; --without takes " + String.join(",", Replay.troubles()));
        }
        if (subClusterSize != 0 && replicas == 0 || replicas != 0 && (replicas < 4 || replicas > 1000
            || members() < 4 || members() > 255 || members() > replicas)) {
            throw new CommandException(Exit.USAGE, "out of range: --replicas " + replicas + " --sub-cluster-size "
                + members(), "try --replicas 12 --sub-cluster-size 4");
        }
        final List<Run> runs = jobs().parallelStream().map(this::run).toList();
        final Map<String, Long> sums = new TreeMap<>();
        runs.forEach(run -> run.counts().forEach((what, count) -> sums.merge(what, (long) count, Long::sum)));
        final List<Run> broken = runs.stream().filter(run -> !run.violation().isEmpty()).toList();
        if (trace != null && (seeds == 1 || !broken.isEmpty())) {
            traceOf(broken.isEmpty() ? runs.get(0).job() : broken.get(0).job());
        }
        tell(sums, broken);
        if (!broken.isEmpty()) {
            final Run first = broken.get(0);
            throw new CommandException(Exit.UNVERIFIED, "seed " + first.job().replay().seed() + ": "
                + first.violation(), "again, step by step: ztp simulate " + shorter(first.job()) + " --trace FILE");
        }
        return Exit.DONE.code();
    }

    /** The options of the shortest run that fails like this one, as far as one is found. */
    private String shorter(final Job job) {
        if (job.replicas() > 0) {
            return job.options();
        }
        final Optional<Replay.Failure> failure = job.replay().failure();
        return failure.isEmpty() ? job.options() : new Shrinker(job.replay(), failure.get()).shrunk().options();
    }

    private void tell(final Map<String, Long> sums, final List<Run> broken) {
        if (common.isJson()) {
            final Map<String, Object> document = new LinkedHashMap<>();
            document.put("seed", seed);
            document.put("seeds", seeds);
            document.put("violations", broken.size());
            document.put("counts", sums);
            common.line(Json.of(document));
            return;
        }
        if (seeds == 1) {
            common.line(jobs().get(0).simulation().faults());
        }
        sums.forEach((what, count) -> common.line(what + ": " + count));
        broken.forEach(run -> common.line("seed " + run.job().replay().seed() + ": " + run.violation()));
        common.line(seeds + (seeds == 1 ? " seed, " : " seeds, ") + broken.size()
            + (broken.size() == 1 ? " violation" : " violations"));
    }

    private Run run(final Job job) {
        try {
            return new Run(job, job.run(), "");
        } catch (final RuntimeException violation) {
            return new Run(job, Map.of(), String.valueOf(violation.getMessage()));
        }
    }

    private int members() {
        return subClusterSize == 0 ? replicas : subClusterSize;
    }

    /** One for each seed; where many are drawn, an allocation beside every sixteenth. */
    private List<Job> jobs() {
        final List<Job> jobs = new ArrayList<>();
        for (long one = seed; one < seed + seeds; one++) {
            final Replay replay = new Replay(one, without, bundles, steps);
            jobs.add(new Job(replay, replicas, members()));
            if (replicas == 0 && seeds > 1 && one % ALLOCATION_EVERY == 0) {
                jobs.add(new Job(replay, ALLOCATION_REPLICAS, ALLOCATION_MEMBERS));
            }
        }
        return jobs;
    }

    private void traceOf(final Job job) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(trace))) {
            try {
                job.simulation().tracedTo(out::println).run(Replay.SECONDS, bundles);
            } catch (final RuntimeException violation) {
                out.println(violation);
            }
        }
    }
}
