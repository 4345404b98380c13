package org.ztp.tuning.sweep;

import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Locale;
import org.ztp.config.Setting;

/** A profile (HOCON) that says where it comes from: every setting that was swept, its meaning and what was tried. */
public final class ProfileText {
    private static final int WIDTH = 110;

    private ProfileText() {
    }

    /**
     * The text of the file.
     *
     * @param verdict what was found
     * @param file its name
     * @param facts about the measurement (machine, command, …), one line each
     */
    public static String of(final Verdict verdict, final String file, final List<String> facts) {
        final StringBuilder text = new StringBuilder("""
            # A tuning profile of ZTP (HOCON), made by `ztp tune`. It is used by a line at the top of ztp.conf:
            #   include "%s"
            # It sets only what was swept. `durability` says what may be lost, so no profile sets it.
            #
            """.formatted(file));
        facts.forEach(fact -> comment(text, fact));
        text.append("#\n");
        comment(text, figures("default", verdict.median(verdict.space().standard())));
        comment(text, figures("challenger", verdict.median(verdict.challenger())));
        comment(text, verdict.sentence() + String.format(Locale.ROOT,
            "; while searching, default runs differed from the next ones by %.1f %% (root mean square)",
            100 * Math.expm1(verdict.drift())));
        for (final Factor factor : verdict.space().factors()) {
            text.append('\n');
            setting(text, factor, verdict.chosen().value(factor.setting()));
        }
        return text.toString();
    }

    private static String figures(final String name, final Outcome median) {
        return Double.isNaN(median.perSecond()) ? name + ": no runs"
            : String.format(Locale.ROOT, "%s: %,.0f transactions/s, p50 %.2f ms, p99 %.2f ms (medians of the duel)",
                name, median.perSecond(), median.p50Micros() / 1e3, median.p99Micros() / 1e3);
    }

    private static void setting(final StringBuilder text, final Factor factor, final String value) {
        final Setting setting = factor.setting();
        comment(text, setting.meaning());
        comment(text, "Tried: " + String.join(", ", factor.levels()) + "; default: " + setting.defaultText() + ".");
        text.append(setting.key()).append(" = ")
            .append(value.matches("[A-Za-z0-9]+") ? value : ConfigUtil.quoteString(value)).append('\n');
        if (setting == Setting.THREADS && value.equals(setting.defaultText())) {
            comment(text, "In a Slurm job: as many as the job has for a task.");
            text.append("threads = ${?SLURM_CPUS_PER_TASK}\n");
        }
    }

    private static void comment(final StringBuilder text, final String words) {
        int width = 0;
        for (final String word : words.strip().split("\\s+")) {
            final boolean fits = width > 0 && width + 1 + word.length() <= WIDTH;
            text.append(fits ? " " : width > 0 ? "\n# " : "# ").append(word);
            width = fits ? width + 1 + word.length() : 2 + word.length();
        }
        text.append('\n');
    }
}
