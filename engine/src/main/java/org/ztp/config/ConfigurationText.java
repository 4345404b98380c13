package org.ztp.config;

import com.typesafe.config.ConfigUtil;
import java.util.EnumMap;
import java.util.Map;

/** The pages that are made from the table of settings: the file for users to edit, and the documentation. */
public final class ConfigurationText {
    /** Variables that a new ztp.conf takes values from, so that a job can be told them with sbatch --export. */
    private static final Map<Setting, String> VARIABLES = Map.of(Setting.THREADS, Configuration.CORES,
        Setting.DURABILITY, "ZTP_DURABILITY", Setting.ARCHIVE_DIR, "ZTP_ARCHIVE", Setting.LOCAL_DIR, "ZTP_LOCAL");

    private ConfigurationText() {
    }

    /**
     * A {@code ztp.conf} with every key, its meaning, limits and default as comments; those given are set.
     *
     * @param set keys with values other than the default
     */
    public static String file(final Map<Setting, String> set) {
        final StringBuilder text = new StringBuilder("""
            # The configuration of ZTP on this cluster (HOCON). Every key is here with its default, commented out;
            # unknown keys are refused. Variables enter by substitution only, as with threads below.
            # A tuning profile is used by including it:  include "profile.conf"

            """);
        for (final Setting setting : Setting.values()) {
            text.append("# ").append(setting.meaning().replaceAll("(.{80,110}?) ", "$1\n# ")).append('\n')
                .append("# (").append(setting.range()).append(")\n");
            final String value = set.get(setting);
            text.append(value == null ? "# " : "").append(setting.key()).append(" = ")
                .append(literal(setting, value == null ? setting.defaultText() : value)).append("\n");
            if (VARIABLES.containsKey(setting)) {
                text.append(setting.key()).append(" = ${?").append(VARIABLES.get(setting)).append("}\n");
            }
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    /**
     * Those of the variables that a new {@code ztp.conf} takes values from which somebody has set for a job, by what they
     * are for; Slurm's own is none of them, nor is an empty one.
     */
    public static Map<Setting, String> variables(final Map<String, String> environment) {
        final Map<Setting, String> set = new EnumMap<>(VARIABLES);
        set.values().removeIf(name -> name.equals(Configuration.CORES) || environment.getOrDefault(name, "").isEmpty());
        return set;
    }

    /** The page CONFIGURATION.md. */
    public static String markdown() {
        final StringBuilder text = new StringBuilder("""
            # The configuration

            `ztp.conf` in the cluster's directory is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md).
            Every key may be left out. Unknown keys and values outside of their limits are refused before anything starts.
            Bytes are written `65536`, `64KiB` or `4MiB`; times `500ms`, `2s`, `10min`, always with their unit.
            Variables enter by substitution only: `threads = ${?SLURM_CPUS_PER_TASK}`, which counts as 256 if it is more.
            Where the variable of a `${?…}` is not set, its line does not count; that of a `${…}` without the `?` has to be set.
            This page is made from the table in `org.ztp.config.Setting`; a test keeps the two equal.

            | key | default | limits | meaning |
            |---|---|---|---|
            """);
        for (final Setting setting : Setting.values()) {
            text.append("| `").append(setting.key()).append("` | ")
                .append(setting.defaultText().isEmpty() ? "(none)" : "`" + setting.defaultText() + "`").append(" | ")
                .append(setting.range()).append(" | ").append(setting.meaning()).append(" |\n");
        }
        text.append("\nTogether they must hold:\n\n");
        Configuration.RULES.forEach(rule -> text.append("- ").append(rule).append('\n'));
        return text.toString();
    }

    private static String literal(final Setting setting, final String value) {
        return setting.kind() == Kind.TEXT ? ConfigUtil.quoteString(value) : value;
    }
}
