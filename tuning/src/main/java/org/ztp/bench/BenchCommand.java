package org.ztp.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
    subcommands = {KeysCommand.class, FilesCommand.class},
    description = "Measure a new cluster in this process under load, beside what this machine could do at most.",
    footer = {"", "Clients are threads of the same process; what they have not prepared they hash and sign while the load runs.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed."})
final class BenchCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_PREPARED_SECONDS = 10;
    private static final double MORE_THAN_NEEDED = 1.2;
    private static final long MIB = 1 << 20;
    private static final int IN_FLIGHT = 32;

    @Mixin
    private Common common;
    @Mixin
    private LoadOptions loaded;
    @Option(names = "--sub-cluster-size", paramLabel = "M",
        description = "Replicas of a sub-cluster (default: all in one).")
    private Integer subClusterSize;
    @Option(names = "--signed", defaultValue = "bundle", paramLabel = "each|bundle",
        description = "Whether each transaction is signed, or each bundle (default: ${DEFAULT-VALUE}).")
    private Signed signed;
    @Option(names = "--in-flight", paramLabel = "N",
        description = "Most bundles of a client in flight (default: " + IN_FLIGHT + "; with --rate always 1000).")
    private Integer inFlight;
    @Option(names = "--rate", defaultValue = "0", paramLabel = "TX/S",
        description = "Submit at this fixed rate, whatever the service does (default: as fast as it goes).")
    private double rate;
    @Option(names = "--seconds", defaultValue = "10", paramLabel = "S",
        description = "Time that is measured (default: ${DEFAULT-VALUE}).")
    private int seconds;
    @Option(names = "--warmup", defaultValue = "5", paramLabel = "S",
        description = "Load before that, not measured (default: ${DEFAULT-VALUE}); with --transport mpi and --fault as long again "
            + "until little is compiled, " + WarmUp.MOST_INTERVALS + " times at most.")
    private int warmup;
    @Option(names = "--prepare", paramLabel = "MIB",
        description = "Make and sign bundles of so many MiB before the load begins, so that it costs nothing of the measured "
            + "time (default: a quarter of the heap, or what --rate needs; none where that cannot be enough, nor with "
            + "--fault).")
    private Integer prepare;
    @Option(names = "--idle", defaultValue = "0", paramLabel = "S",
        description = "Also measure the service without load, for so long before (default: not at all).")
    private int idle;
    @Option(names = "--fault", defaultValue = "none", paramLabel = "FAULT",
        description = "Do this to replicas in the middle third of the time: leader-hang, leader-crash or sub-cluster-halt; "
            + "prints how long commits pause, the rates in each third, and when the replicas are back (default: none).")
    private String fault;
    @Option(names = "--threads", defaultValue = "auto", paramLabel = "N",
        description = "Threads of the team (default: the cores that this process may use).")
    private String threads;
    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "Another setting of the configuration, such as batch.linger=0ms; may be repeated.")
    private final Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--transport", defaultValue = "local", paramLabel = "local|mpi",
        description = "mpi: the same load once more on a rank for each replica; prints the ratio"
            + " to the local mode, also to one in which each replica checks for itself, as ranks do (default: ${DEFAULT-VALUE}).")
    private String transport;

    /** What a signature is for. */
    private enum Signed { EACH, BUNDLE }

    @Override
    public Integer call() throws IOException {
        refuseWhatWouldBeIgnored();
        final BenchPlan plan = plan(settings);
        if (plan.fault() != Fault.NONE) {
            final FaultResult result = new FaultRun(plan, common::say).run();
            common.result(result.document(), result.text());
            return Exit.DONE.code();
        }
        if (transport.equals("mpi")) {
            final TransportResult result = TransportResult.run(plan, plan(checkingEach()),
                () -> LaunchedCluster.ranks(plan.place(), plan.replicas(), plan.subClusterSize(),
                    options().set(settings, loaded.durability(), threads)), common::say);
            common.result(result.document(), result.text());
            return Exit.DONE.code();
        }
        final BenchResult result = new BenchRun(plan, common::say).run();
        common.result(result.document(), result.text());
        return Exit.DONE.code();
    }

    private void refuseWhatWouldBeIgnored() {
        if (!List.of("local", "mpi").contains(transport)) {
            throw new CommandException(Exit.USAGE, "--transport: expected=local|mpi actual=" + transport,
                options().help());
        }
        if (rate > 0 && inFlight != null) {
            throw apart("--in-flight", "--rate", "it submits at its times, whatever is in flight");
        }
        if (fault() != Fault.NONE) {
            if (transport.equals("mpi")) {
                throw apart("--transport mpi", "--fault", "faults are of replicas in this process");
            }
            if (idle > 0) {
                throw apart("--idle", "--fault", "measure it without a fault");
            }
            if (prepare != null && prepare > 0) {
                throw apart("--prepare", "--fault", "clients make their bundles while it runs");
            }
        }
    }

    private static CommandException apart(final String option, final String other, final String hint) {
        return new CommandException(Exit.USAGE, option + " does not go with " + other, hint);
    }

    /** The settings of a process whose replicas check as ranks do. */
    private Map<String, String> checkingEach() {
        final Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(Setting.CHECKS.key(), "each");
        return all;
    }

    private BenchPlan plan(final Map<String, String> asked) throws IOException {
        final Load load = loaded.load(options(), inFlight(),
            signed == Signed.EACH ? 1 : loaded.bundle(), rate);
        options().check("--rate", rate, 0, 1e9);
        options().check("--seconds", seconds, 1, MAX_SECONDS);
        options().check("--warmup", warmup, 0, MAX_SECONDS);
        options().check("--idle", idle, 0, MAX_SECONDS);
        return new BenchPlan(loaded.replicas(), members(), load,
            options().configuration(asked, loaded.durability(), threads), seconds, warmup, idle, fault(),
            stockBytes(load), options().place());
    }

    private int inFlight() {
        return rate > 0 ? Load.MAX_IN_FLIGHT : inFlight == null ? IN_FLIGHT : inFlight;
    }

    /**
     * What the clients make before; without a wish only what will probably last, so that no run is half of each kind.
     */
    private long stockBytes(final Load load) {
        if (fault() != Fault.NONE) {
            return 0;
        }
        if (prepare != null) {
            options().check("--prepare", prepare, 0, 1 << 20);
            return prepare * MIB;
        }
        final long room = Runtime.getRuntime().maxMemory() / 4;
        final double perSecond = rate * load.transactionBytes() * MORE_THAN_NEEDED;
        final boolean lasts = load.isPaced() ? perSecond * seconds <= room : seconds <= MAX_PREPARED_SECONDS;
        return !lasts ? 0 : load.isPaced() ? (long) (perSecond * seconds) + MIB : room;
    }

    private int members() {
        final int members = subClusterSize == null ? loaded.replicas() : subClusterSize;
        options().check("--sub-cluster-size", members, 4, loaded.replicas());
        return members;
    }

    private Fault fault() {
        final Fault chosen = Fault.of(fault).orElseThrow(() -> new CommandException(Exit.USAGE, "--fault: unknown: "
            + fault, "it is one of " + Fault.words()));
        if (chosen == Fault.SUB_CLUSTER_HALT && loaded.replicas() / members() < 2) {
            throw new CommandException(Exit.USAGE, "--fault " + fault + " needs two sub-clusters or more: replicas="
                + loaded.replicas() + " of a sub-cluster=" + members(), "try --replicas 12 --sub-cluster-size 4");
        }
        if (chosen != Fault.NONE) {
            options().check("--seconds", seconds, 3, MAX_SECONDS);
        }
        return chosen;
    }

    private BenchOptions options() {
        return new BenchOptions(common, "ztp bench --help");
    }
}
