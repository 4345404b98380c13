package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ztp.config.Setting;

/** Every run of a search as CSV (RFC 4180, lines end with LF): one line a run, in their order. */
public final class EvidenceTable {
    private EvidenceTable() {
    }

    /** The table with its heading. */
    public static String of(final Verdict verdict) {
        final List<Setting> settings = verdict.space().factors().stream().map(Factor::setting).toList();
        final StringBuilder table = new StringBuilder("run,phase,startedSeconds");
        settings.forEach(setting -> table.append(',').append(setting.key()));
        table.append(",clients,inFlight,rateTxPerSecond,txPerSecond,p50Micros,p99Micros,failure\n");
        int number = 0;
        for (final Run run : verdict.runs()) {
            number++;
            final List<String> line = new ArrayList<>(List.of(Integer.toString(number),
                run.phase().name().toLowerCase(Locale.ROOT), decimal(run.startedNs() / 1e9)));
            settings.forEach(setting -> line.add(field(run.point().value(setting))));
            line.add(Integer.toString(run.load().clients()));
            line.add(Integer.toString(run.load().inFlight()));
            line.add(run.load().isPaced() ? decimal(run.load().rate()) : "");
            line.add(decimal(run.outcome().perSecond()));
            line.add(decimal(run.outcome().p50Micros()));
            line.add(decimal(run.outcome().p99Micros()));
            line.add(field(run.outcome().failure().orElse("")));
            table.append(String.join(",", line)).append('\n');
        }
        return table.toString();
    }

    private static String decimal(final double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "";
    }

    private static String field(final String text) {
        return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
