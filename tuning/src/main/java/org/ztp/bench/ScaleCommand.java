package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.CsvTable;
import org.ztp.tuning.Load;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp bench scale}. */
@Command(name = "scale", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measure how throughput and latency change with the payload, the bundle, the replicas and the "
        + "sub-clusters: one run for each, written as one table.",
    footer = {"", "What is not swept is as in `ztp bench`: 256 bytes, 100 a bundle, 4 replicas, 1 sub-cluster; at "
        + "most 64 MiB are in flight. All 19 runs take about 5 minutes with the limits that are measured beside them.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed."})
final class ScaleCommand implements Callable<Integer> {
    private static final int[] PAYLOADS = {32, 128, 512, 2_048, 8_192, 65_536};
    private static final int[] BUNDLES = {1, 10, 100, 1_000};
    private static final int[] REPLICAS = {4, 7, 10, 16, 31};
    private static final int[] SUB_CLUSTERS = {1, 2, 4, 8};
    private static final int CLIENTS = 8;
    private static final int MOST_IN_FLIGHT = 32;
    private static final long BYTES_IN_FLIGHT = 64L << 20;
    private static final List<String> FIGURES = List.of("txPerSecond", "p50Micros", "p99Micros", "blocksPerSecond",
        "hashLimitTxPerSecond", "signatureLimitTxPerSecond", "journalLimitTxPerSecond", "fractionOfLimit",
        "fractionOfSignatureLimit", "fractionOfJournalLimit", "allocatedBytesPerTx", "serviceCpuMicrosPerTx");

    @Mixin
    private Common common;
    @Mixin
    private OutputFile output;
    @Option(names = "--sweep", split = ",", defaultValue = "payload,bundle,replicas,sub-clusters", paramLabel = "WHAT",
        description = "What is swept, one or more of payload, bundle, replicas, sub-clusters (default: all).")
    private List<String> sweep;
    @Option(names = "--seconds", defaultValue = "3", paramLabel = "S",
        description = "Time that is measured of each (default: ${DEFAULT-VALUE}).")
    private int seconds;
    @Option(names = "--warmup", defaultValue = "2", paramLabel = "S",
        description = "Load before that, not measured (default: ${DEFAULT-VALUE}).")
    private int warmup;
    @Option(names = "--durability", defaultValue = "os", paramLabel = "memory|os|disk",
        description = "When a vote counts as stored (default: ${DEFAULT-VALUE}).")
    private String durability;

    private final Measurement measurement;

    /** Measures one plan; a test has its own. */
    @FunctionalInterface
    interface Measurement {
        /** The figures by their names, as {@code ztp bench --json} has them. */
        Map<String, Object> figures(BenchPlan plan) throws IOException;
    }

    ScaleCommand(final Measurement measurement) {
        this.measurement = measurement;
    }

    /** One run's shape. */
    private record Shape(String swept, int payload, int bundle, int replicas, int subClusters) {
        private static final Shape USUAL = new Shape("", 256, 100, 4, 1);

        Load load() {
            final long bytes = (long) bundle * (payload + Load.RECORD_HEADER_BYTES);
            final int clients = CLIENTS * subClusters;
            final long inFlight = Math.min(MOST_IN_FLIGHT, BYTES_IN_FLIGHT / (clients * bytes));
            return new Load(clients, (int) Math.max(1, inFlight), bundle, payload, 0);
        }
    }

    @Override
    public Integer call() throws IOException {
        final BenchOptions options = new BenchOptions(common, "ztp bench scale --help");
        options.check("--seconds", seconds, 1, 600);
        options.check("--warmup", warmup, 0, 600);
        final List<Shape> shapes = shapes();
        final Configuration configuration = options.configuration(Map.of(), durability, Setting.THREADS.defaultText());
        final Path place = options.place();
        output.check("csv");
        final CsvTable table = table();
        for (final Shape shape : shapes) {
            common.say("%s: payload %d, bundle %d, %d replicas, %d sub-clusters".formatted(shape.swept(),
                shape.payload(), shape.bundle(), shape.replicas(), shape.subClusters()));
            final BenchPlan plan = new BenchPlan(shape.replicas(), shape.replicas() / shape.subClusters(), shape.load(),
                configuration, seconds, warmup, 0, Fault.NONE, 0, place);
            add(table, shape, plan, measurement.figures(plan));
        }
        output.write(Map.of("csv", table.text()));
        common.result(Map.of("runs", shapes.size(), "table", output.file("csv").toString()),
            shapes.size() + " runs are in " + output.file("csv"));
        return Exit.DONE.code();
    }

    private List<Shape> shapes() {
        final Shape usual = Shape.USUAL;
        final Set<Shape> shapes = new LinkedHashSet<>();
        for (final String what : sweep) {
            switch (what) {
                case "payload" -> {
                    for (final int payload : PAYLOADS) {
                        shapes.add(new Shape(what, payload, usual.bundle(), usual.replicas(), usual.subClusters()));
                    }
                }
                case "bundle" -> {
                    for (final int bundle : BUNDLES) {
                        shapes.add(new Shape(what, usual.payload(), bundle, usual.replicas(), usual.subClusters()));
                    }
                }
                case "replicas" -> {
                    for (final int replicas : REPLICAS) {
                        shapes.add(new Shape(what, usual.payload(), usual.bundle(), replicas, usual.subClusters()));
                    }
                }
                case "sub-clusters" -> {
                    for (final int subClusters : SUB_CLUSTERS) {
                        shapes.add(new Shape(what, usual.payload(), usual.bundle(), usual.replicas() * subClusters,
                            subClusters));
                    }
                }
                default -> throw new CommandException(Exit.USAGE, "--sweep: unknown: " + what,
                    "it is one or more of payload, bundle, replicas, sub-clusters");
            }
        }
        return List.copyOf(shapes);
    }

    private static CsvTable table() {
        final List<String> heading = new ArrayList<>(List.of("swept", "payloadBytes", "transactionsPerBundle",
            "replicas", "subClusters", "clients", "inFlightPerClient", "durability"));
        heading.addAll(FIGURES);
        return new CsvTable(heading);
    }

    private static void add(final CsvTable table, final Shape shape, final BenchPlan plan,
                            final Map<String, Object> figures) {
        final List<Object> row = new ArrayList<>(List.of(shape.swept(), shape.payload(), shape.bundle(),
            shape.replicas(), shape.subClusters(), plan.load().clients(), plan.load().inFlight(),
            plan.configuration().durability().name().toLowerCase(Locale.ROOT)));
        for (final String figure : FIGURES) {
            final Object value = figures.get(figure);
            row.add(value == null ? "" : value.toString());
        }
        table.row(row.toArray());
    }
}
