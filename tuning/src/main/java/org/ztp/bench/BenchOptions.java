package org.ztp.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;

/**
 * What the options of all kinds of {@code ztp bench} mean; what is wrong ends the command.
 *
 * @param common options of every command
 * @param help where the options are explained
 */
record BenchOptions(Common common, String help) {
    void check(final String option, final double actual, final double least, final double most) {
        if (!(actual >= least && actual <= most)) {
            throw new CommandException(Exit.USAGE, "%s: expected=%.0f .. %.0f actual=%.0f"
                .formatted(option, least, most, actual), help);
        }
    }

    Configuration configuration(final Map<String, String> settings, final String durability, final String threads) {
        try {
            return Configuration.with(set(settings, durability, threads));
        } catch (final IllegalArgumentException wrong) {
            throw new CommandException(Exit.USAGE, String.valueOf(wrong.getMessage()), help);
        }
    }

    /** What differs from the defaults, as it would be written. */
    Map<Setting, String> set(final Map<String, String> settings, final String durability, final String threads) {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        settings.forEach((key, value) -> set.put(Setting.of(key).orElseThrow(() -> new CommandException(Exit.USAGE,
            "--set: unknown key " + key, "the keys are explained in the ztp.conf that `ztp init` writes")), value));
        set.put(Setting.DURABILITY, durability);
        set.put(Setting.THREADS, threads);
        return set;
    }

    /** Where the cluster's directory is made: an existing directory. */
    Path place() {
        final Path place = common.givenDirectory().orElse(Path.of(System.getProperty("java.io.tmpdir")));
        if (!Files.isDirectory(place) || !Files.isWritable(place)) {
            throw new CommandException(Exit.USAGE, place + " is no directory that can be written to",
                "name one with --dir DIR");
        }
        return place;
    }
}
