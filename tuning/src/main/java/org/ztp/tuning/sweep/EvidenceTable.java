package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ztp.config.Setting;
import org.ztp.tuning.CsvTable;
import org.ztp.tuning.Load;

/** Every run of a search as CSV: one row a run, in their order. */
public final class EvidenceTable {
    private EvidenceTable() {
    }

    /** The text of the file. */
    public static String of(final Verdict verdict) {
        final List<Setting> settings = verdict.space().factors().stream().map(Factor::setting).toList();
        final List<String> heading = new ArrayList<>(List.of("run", "phase", "startedSeconds"));
        settings.forEach(setting -> heading.add(setting.key()));
        heading.addAll(List.of("clients", "inFlight", "rateTxPerSecond", "txPerSecond", "p50Micros", "p99Micros",
            "failure"));
        final CsvTable table = new CsvTable(heading);
        int number = 0;
        for (final Run run : verdict.runs()) {
            number++;
            final List<Object> row = new ArrayList<>(List.of(number, run.phase().name().toLowerCase(Locale.ROOT),
                run.startedNs() / 1e9));
            settings.forEach(setting -> row.add(run.point().value(setting)));
            final Load load = run.load();
            final Outcome outcome = run.outcome();
            row.addAll(List.of(load.clients(), load.inFlight(), load.isPaced() ? load.rate() : "", outcome.perSecond(),
                outcome.p50Micros(), outcome.p99Micros(), outcome.failure().orElse("")));
            table.row(row.toArray());
        }
        return table.text();
    }
}
