package org.ztp.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The service's status as a page for people: a line for the cluster, one for each sub-cluster with a table of its
 * replicas, the last epoch, and the last faults. What the service says beyond the figures named here is shown too.
 */
final class StatusPage {
    private static final List<String> COLUMNS = List.of("id", "state", "height", "indexedHeight", "view", "leader", "epoch",
        "suspects");
    private static final Set<String> ABOUT_SUB_CLUSTER = Set.of("id", "quorum", "faultsTolerated", "hasQuorum", "replicas");
    private static final Set<String> ABOUT_CLUSTER = Set.of("chain", "startedMillis", "epoch", "subClusters", "faults",
        "lastFaults");
    private final Config status;
    private final List<String> lines = new ArrayList<>();

    private StatusPage(final Config status) {
        this.status = status;
    }

    /**
     * The lines of the page, which steer no terminal.
     *
     * @param status the service's answer
     * @param now the time, Unix milliseconds
     */
    static List<String> of(final Config status, final long now) {
        final StatusPage page = new StatusPage(status);
        page.cluster(now);
        page.status.getObjectList("subClusters").forEach(page::subCluster);
        page.epoch();
        page.faults();
        return page.lines.stream().map(Printable::of).toList();
    }

    private void cluster(final long now) {
        final Duration up = Duration.ofMillis(Math.max(0, now - status.getLong("startedMillis"))).truncatedTo(
            ChronoUnit.SECONDS);
        lines.add("chain " + status.getString("chain"));
        lines.add("up " + up.toString().substring(2).toLowerCase(Locale.ROOT)
            + others(status.root(), ABOUT_CLUSTER, ", "));
    }

    private void subCluster(final ConfigObject subCluster) {
        final Config its = subCluster.toConfig();
        final List<? extends ConfigObject> replicas = its.getObjectList("replicas");
        lines.add("sub-cluster " + its.getInt("id") + ": " + (its.getBoolean("hasQuorum") ? "has its quorum of " : "NO quorum of ")
            + its.getInt("quorum") + ", " + its.getInt("faultsTolerated") + " may fail"
            + others(subCluster, ABOUT_SUB_CLUSTER, ", "));
        table(replicas);
        for (final ConfigObject replica : replicas) {
            final String detail = text(replica.get("detail"));
            if (!detail.isEmpty()) {
                lines.add("  replica " + text(replica.get("id")) + ": " + detail);
            }
        }
    }

    /** One row for each object, one column for each key of any of them; details follow the table. */
    private void table(final List<? extends ConfigObject> rows) {
        final Set<String> keys = new LinkedHashSet<>(COLUMNS);
        rows.forEach(row -> keys.addAll(new TreeMap<>(row).keySet()));
        keys.remove("detail");
        final List<List<String>> cells = new ArrayList<>();
        cells.add(keys.stream().map(StatusPage::heading).toList());
        rows.forEach(row -> cells.add(keys.stream().map(key -> cell(key, row.get(key))).toList()));
        final int[] widths = new int[keys.size()];
        cells.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (final List<String> row : cells) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append("  ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    private static String heading(final String key) {
        if (key.equals("id")) {
            return "replica";
        }
        return isTime(key) ? words(key).replace(" millis", "") : words(key);
    }

    private static String cell(final String key, final ConfigValue value) {
        return isTime(key) ? time(value) : text(value);
    }

    /** Times are milliseconds since 1970, other lengths of time milliseconds. */
    private static boolean isTime(final String key) {
        return key.endsWith("EndMillis");
    }

    private static String time(final ConfigValue millis) {
        if (millis == null || !(millis.unwrapped() instanceof Number since1970)) {
            return text(millis);
        }
        return since1970.longValue() == 0 ? "-" : Instant.ofEpochMilli(since1970.longValue()).toString();
    }

    private void epoch() {
        if (status.hasPath("epoch")) {
            final Config epoch = status.getConfig("epoch");
            lines.add("last epoch " + epoch.getLong("number") + ": " + epoch.getObjectList("heads").stream()
                .map(ConfigObject::toConfig).map(head -> "sub-cluster " + head.getInt("subCluster") + " at height "
                    + head.getLong("height") + (head.getBoolean("carried") ? " (carried over)" : ""))
                .collect(Collectors.joining(", ")));
        }
    }

    private void faults() {
        final ConfigObject counts = status.getObject("faults");
        if (!counts.isEmpty()) {
            lines.add("faults since the start: " + new TreeMap<>(counts).entrySet().stream()
                .map(fault -> fault.getKey() + " " + text(fault.getValue())).collect(Collectors.joining(", ")));
        }
        for (final ConfigObject fault : status.getObjectList("lastFaults")) {
            final Config its = fault.toConfig();
            final int about = its.getInt("about");
            lines.add("  " + Instant.ofEpochMilli(its.getLong("atMillis")) + " replica " + its.getInt("reporter") + ": "
                + its.getString("kind") + (about < 0 ? "" : " about " + about)
                + (its.getString("detail").isEmpty() ? "" : ": " + its.getString("detail")));
        }
    }

    /** What is there beyond some keys, as {@code , key value …}. */
    private static String others(final Map<String, ConfigValue> object, final Set<String> without, final String before) {
        return new TreeMap<>(object).entrySet().stream().filter(entry -> !without.contains(entry.getKey()))
            .map(entry -> before + words(entry.getKey()) + " " + text(entry.getValue())).collect(Collectors.joining());
    }

    /** {@code transactionsPerSecond} as {@code transactions per second}. */
    private static String words(final String key) {
        return key.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String text(final ConfigValue value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof ConfigList list) {
            return list.isEmpty() ? "-" : list.stream().map(StatusPage::text).collect(Collectors.joining(","));
        }
        return String.valueOf(value.unwrapped());
    }
}
