package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.CsvTable;
import org.ztp.tuning.Load;
import org.ztp.tuning.figure.Axis;
import org.ztp.tuning.figure.Figure;
import org.ztp.tuning.figure.Series;
import org.ztp.tuning.figure.Spot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp bench restart}. */
@Command(name = "restart", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measure how long a service takes to serve again, and what its indexes take, as the ledger grows.",
    footer = {"", "Four replicas in this process; the service is stopped in order before each start.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed. "
            + "A ledger of N transactions needs four times N times the payload there."})
final class RestartCommand implements Callable<Integer> {
    private static final int REPLICAS = 4;
    private static final int CLIENTS = 4;
    private static final int BUNDLES_OF_A_LEDGER = 40;
    private static final int MOST_IN_FLIGHT = 16;

    @Mixin
    private Common common;
    @Mixin
    private OutputFile output;
    @Option(names = "--ledger", split = ",", defaultValue = "1000,100000,1000000", paramLabel = "N",
        description = "Transactions of each ledger, 100 .. 100000000 (default: ${DEFAULT-VALUE}).")
    private List<Long> ledgers;
    @Option(names = "--payload", defaultValue = "256", paramLabel = "BYTES",
        description = "Payload of a transaction, 0 .. 65536 (default: ${DEFAULT-VALUE}).")
    private int payload;
    @Option(names = "--restarts", defaultValue = "5", paramLabel = "N",
        description = "Restarts of each ledger, of which the median is told (default: ${DEFAULT-VALUE}).")
    private int restarts;
    @Option(names = "--durability", defaultValue = "os", paramLabel = "memory|os|disk",
        description = "When a vote counts as stored (default: ${DEFAULT-VALUE}).")
    private String durability;

    @Override
    public Integer call() throws IOException {
        final BenchOptions options = new BenchOptions(common, "ztp bench restart --help");
        for (final long ledger : ledgers) {
            options.check("--ledger", ledger, 100, 100_000_000);
        }
        options.check("--payload", payload, 0, 1 << 16);
        options.check("--restarts", restarts, 1, 100);
        final Configuration configuration = options.configuration(Map.of(), durability, Setting.THREADS.defaultText());
        final Path place = options.place();
        output.check("csv", "svg");
        final List<RestartRun.Measured> results = new ArrayList<>();
        for (final long ledger : ledgers) {
            results.add(new RestartRun(plan(ledger, configuration, place), restarts, common::say).run(ledger));
        }
        final Map<String, Object> host = HostFacts.of(place);
        final String machine = ("%s, %s cores, %s, %s on %s; %d replicas, %d bytes a transaction, "
            + "durability %s").formatted(host.get("cpu"), host.get("cores"), host.get("jdk"), host.get("fileSystem"),
            host.get("kernel"), REPLICAS, payload, durability);
        final Map<String, String> files = new LinkedHashMap<>();
        files.put("csv", table(results));
        files.put("svg", figure(results, machine));
        output.write(files);
        final StringBuilder text = new StringBuilder(machine);
        results.forEach(one -> text.append("%n%,12d transactions: runs after %.0f ms, a new one final after %.0f ms, "
            .formatted(one.transactions(), one.startMillis(), one.firstMillis())).append("heap %.0f MB, state %.1f MB"
            .formatted(one.heapBytes() / 1e6, one.stateBytes() / 1e6)));
        common.result(Map.of("ledgers", results.stream().map(RestartCommand::document).toList(), "table",
            output.file("csv").toString(), "figure", output.file("svg").toString()), text.toString());
        return Exit.DONE.code();
    }

    /** Small ledgers are filled by small bundles, so that they too have some blocks and their size is met. */
    private BenchPlan plan(final long ledger, final Configuration configuration, final Path place) {
        final int bundle = (int) Math.max(1, Math.min(500, ledger / BUNDLES_OF_A_LEDGER));
        final int inFlight = (int) Math.max(1, Math.min(MOST_IN_FLIGHT, ledger / bundle / CLIENTS / 8));
        return new BenchPlan(REPLICAS, REPLICAS, new Load(CLIENTS, inFlight, bundle, payload, 0), configuration,
            1, 0, 0, Fault.NONE, 0, place);
    }

    private static Map<String, Object> document(final RestartRun.Measured one) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("transactions", one.transactions());
        out.put("blocks", one.blocks());
        out.put("startMillis", one.startMillis());
        out.put("firstFinalMillis", one.firstMillis());
        out.put("heapBytes", one.heapBytes());
        out.put("stateBytes", one.stateBytes());
        out.put("journalBytes", one.journalBytes());
        return out;
    }

    private static String table(final List<RestartRun.Measured> results) {
        final CsvTable table = new CsvTable(List.copyOf(document(results.get(0)).keySet()));
        results.forEach(one -> table.row(document(one).values().toArray()));
        return table.text();
    }

    private static String figure(final List<RestartRun.Measured> results, final String machine) {
        return new Figure("ztp bench restart: time to serve again over the size of the ledger", List.of(machine),
            new Axis("transactions in the ledger", true), new Axis("ms (median)", false), List.of(
                new Series("all replicas run", Series.Look.FIRST, results.stream()
                    .map(one -> new Spot(one.transactions(), one.startMillis())).toList()),
                new Series("a new transaction is final", Series.Look.SECOND, results.stream()
                    .map(one -> new Spot(one.transactions(), one.firstMillis())).toList()))).svg();
    }
}
