package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** {@code ztp bench blank}. */
@Command(name = "blank", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measure how long a replica that lost its disk takes until it has all blocks and votes again.",
    footer = {"", "Four replicas in this process; the others do nothing else meanwhile. The processor time is that of the "
            + "blank replica and of those who give it the blocks.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed. "
            + "A ledger of N transactions needs five times N times the payload there, with an archive six times."})
final class BlankCommand implements Callable<Integer> {
    private static final int REPLICAS = 4;
    private static final int CLIENTS = 4;
    private static final int BUNDLE = 100;
    private static final int IN_FLIGHT = 16;

    @Mixin
    private Common common;
    @Mixin
    private OutputFile output;
    @Option(names = "--ledger", split = ",", defaultValue = "1000000,5000000", paramLabel = "N",
        description = "Transactions of each ledger, 100 .. 100000000 (default: ${DEFAULT-VALUE}).")
    private List<Long> ledgers;
    @Option(names = "--from", split = ",", defaultValue = "peers,archive", paramLabel = "peers|archive",
        description = "Whence the replica has them: from its peers alone, or from an archive first (default: "
            + "${DEFAULT-VALUE}).")
    private List<String> sources;
    @Option(names = "--payload", defaultValue = "256", paramLabel = "BYTES",
        description = "Payload of a transaction, 0 .. 65536 (default: ${DEFAULT-VALUE}).")
    private int payload;
    @Option(names = "--durability", defaultValue = "disk", paramLabel = "memory|os|disk",
        description = "When a vote counts as stored (default: ${DEFAULT-VALUE}).")
    private String durability;

    @Override
    public Integer call() throws IOException {
        final String help = "ztp bench blank --help";
        final BenchOptions options = new BenchOptions(common, help);
        for (final long ledger : ledgers) {
            options.check("--ledger", ledger, 100, 100_000_000);
        }
        for (final String source : sources) {
            if (!source.equals("peers") && !source.equals("archive")) {
                throw new CommandException(Exit.USAGE, "--from: expected=peers or archive actual=" + source, help);
            }
        }
        options.check("--payload", payload, 0, 1 << 16);
        final Path place = options.place();
        output.check("csv");
        final List<BlankRun.Measured> results = new ArrayList<>();
        for (final String source : sources) {
            for (final long ledger : ledgers) {
                results.add(measured(options, place, ledger, source.equals("archive")));
            }
        }
        final CsvTable table = new CsvTable(List.copyOf(document(results.get(0)).keySet()));
        results.forEach(one -> table.row(document(one).values().toArray()));
        output.write(Map.of("csv", table.text()));
        final Map<String, Object> host = HostFacts.of(place);
        final StringBuilder text = new StringBuilder("%s, %s cores, %s, %s on %s; %d replicas, %d bytes a transaction, "
            .formatted(host.get("cpu"), host.get("cores"), host.get("jdk"), host.get("fileSystem"), host.get("kernel"),
                REPLICAS, payload)).append("durability ").append(durability);
        results.forEach(one -> text.append("%n%,12d transactions from %s: votes again after %.2f s, processor time %.2f s, "
            .formatted(one.transactions(), source(one), one.backNs() / 1e9, one.cpuNs() / 1e9))
            .append("journal %.0f MB, state %.1f MB".formatted(one.journalBytes() / 1e6, one.stateBytes() / 1e6)));
        common.result(Map.of("ledgers", results.stream().map(BlankCommand::document).toList(), "table",
            output.file("csv").toString()), text.toString());
        return Exit.DONE.code();
    }

    private BlankRun.Measured measured(final BenchOptions options, final Path place, final long ledger,
                                       final boolean archived) throws IOException {
        try (TemporaryDirectory archive = TemporaryDirectory.in(place)) {
            final Configuration configuration = options.configuration(archived
                ? Map.of(Setting.ARCHIVE_DIR.key(), archive.path().toString()) : Map.of(), durability,
                Setting.THREADS.defaultText());
            return new BlankRun(new BenchPlan(REPLICAS, REPLICAS, new Load(CLIENTS, IN_FLIGHT, BUNDLE, payload, 0),
                configuration, 1, 0, 0, Fault.LEADER_CRASH, 0, place), archived, common::say).run(ledger);
        }
    }

    private static String source(final BlankRun.Measured one) {
        return one.archived() ? "archive" : "peers";
    }

    private static Map<String, Object> document(final BlankRun.Measured one) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("transactions", one.transactions());
        out.put("blocks", one.blocks());
        out.put("from", source(one));
        out.put("backMillis", Math.round(one.backNs() / 1e6));
        out.put("processorMillis", Math.round(one.cpuNs() / 1e6));
        out.put("allocatedBytes", one.allocatedBytes());
        out.put("journalBytes", one.journalBytes());
        out.put("stateBytes", one.stateBytes());
        return out;
    }
}
