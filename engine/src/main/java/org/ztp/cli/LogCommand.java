package org.ztp.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ztp.client.Connection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp log}. */
@Command(name = "log", mixinStandardHelpOptions = true,
    description = "The ledger in words, one line a transaction; with --json one object a line.",
    footer = {"", "What sub-clusters that do not answer have is missing: they are named on stderr, and the exit code is 4."})
final class LogCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Option(names = "--dataset", paramLabel = "ID", description = "Only what is about this dataset.")
    private String dataset;
    @Option(names = "--entity", paramLabel = "ID", defaultValue = "", description = "Only records of this entity.")
    private String entity;
    @Option(names = "--since", paramLabel = "H", defaultValue = "1", description = "From this height on.")
    private long since;
    private boolean several;

    @Override
    public Integer call() {
        if (since < 0) {
            throw new CommandException(Exit.USAGE, "height: least=0 actual=" + since,
                "leave --since out for all of the ledger");
        }
        several = common.genesis().subClusters().size() > 1;
        final Optional<Hash> filter = Optional.ofNullable(dataset).map(id -> Hash.parse(id).orElseThrow(() ->
            new CommandException(Exit.USAGE, "not the id of a dataset: " + id, "it is the last line of ztp publish")));
        final SortedSet<Integer> missing = new TreeSet<>();
        boolean isLost = false;
        Optional<LogPlace> from = Optional.of(LogPlace.from(Math.max(1, since)));
        try (Connection connection = Replies.connect(service.connector(common))) {
            while (from.isPresent() && !isLost) {
                final ServiceReply.LogPage page = Replies.ask(connection,
                    new ServiceRequest.Log(filter, entity, from.get(), ServiceRequest.MAX_LOG_ENTRIES),
                    ServiceReply.LogPage.class, service.timeoutNs());
                isLost = !page.entries().stream().allMatch(this::show);
                missing.addAll(page.missing());
                from = Ledger.next(page, from.get());
            }
        }
        if (!missing.isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, (missing.size() == 1 ? "sub-cluster " : "sub-clusters ")
                + missing.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " did not answer: "
                + "what is on " + (missing.size() == 1 ? "its chain" : "their chains") + " is not in this log",
                "ztp status tells how the replicas are; ztp verify reads their directories without them");
        }
        return Exit.DONE.code();
    }

    /** Prints an entry; false if nobody takes it. */
    private boolean show(final ServiceReply.LogEntry entry) {
        final String outcome = outcome(entry.outcome());
        if (!common.isJson()) {
            return common.line(words(entry, outcome));
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("subCluster", entry.subCluster());
        document.put("height", entry.height());
        document.put("time", Instant.ofEpochMilli(entry.timeMillis()).toString());
        document.put("transaction", entry.name().toString());
        document.put("kind", entry.kind());
        document.put("subject", entry.subject());
        document.put("text", entry.text());
        document.put("client", entry.client().toString());
        document.put("outcome", outcome);
        document.put("detail", entry.detail());
        return common.line(Json.of(document));
    }

    private String words(final ServiceReply.LogEntry entry, final String outcome) {
        final String chain = several ? entry.subCluster() + "/" : "";
        final String subject = entry.subject().isEmpty() ? "" : "  " + Printable.of(entry.subject());
        final String text = entry.text().isEmpty() ? "" : "  " + Printable.quoted(entry.text());
        final String detail = entry.detail().isEmpty() ? "" : "  (" + Printable.of(entry.detail()) + ")";
        return String.format(Locale.ROOT, "%s%d  %s  %s  %s%s%s  by %s  %s%s", chain, entry.height(),
            Instant.ofEpochMilli(entry.timeMillis()), Printable.of(entry.kind()), outcome, subject, text,
            entry.client().brief(), entry.name(), detail);
    }

    private static String outcome(final int code) {
        for (final Outcome.Code each : Outcome.Code.values()) {
            if (each.code() == code) {
                return each.name();
            }
        }
        return Integer.toString(code);
    }
}
