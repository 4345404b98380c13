package org.ztp.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationException;
import org.ztp.config.ConfigurationText;
import org.ztp.config.Setting;

/** The profiles are what the configuration takes, explain every key, and are what README.md says. */
final class ProfilesTest {
    private static final Path PROFILES = Path.of("profiles");
    private static final List<String> NAMES = List.of("laptop", "node-32-cores", "node-128-cores");

    private static Path file(final String name) {
        return PROFILES.resolve(name + ".conf");
    }

    @Test
    void theseAreAll() throws IOException {
        try (var files = Files.list(PROFILES)) {
            assertEquals(Set.copyOf(NAMES.stream().map(ProfilesTest::file).toList()), Set.copyOf(files.toList()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"laptop", "node-32-cores", "node-128-cores"})
    void everyKeyIsKnownExplainedAndFitsTheOthers(final String name) throws IOException, ConfigurationException {
        final Configuration read = Configuration.read(file(name));
        assertTrue(read.count(Setting.BATCH_COUNT) <= read.count(Setting.RING_SIZE));
        assertTrue(read.number(Setting.PENDING_BYTES)
            >= read.number(Setting.BATCH_BYTES) * read.number(Setting.BATCHES_IN_FLIGHT) || name.equals("laptop"));
        final List<String> lines = Files.readAllLines(file(name));
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains(" = ")) {
                assertTrue(lines.get(i - 1).startsWith("# ") || lines.get(i - 1).startsWith("threads = ")
                    || lines.get(i - 1).startsWith("limits.pending-bytes = "), lines.get(i));
            }
            assertTrue(lines.get(i).length() <= 120, lines.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"laptop", "node-32-cores", "node-128-cores"})
    void noProfileDecidesWhatMayBeLostOrWhatTheGenesisFixes(final String name) {
        final Config profile = ConfigFactory.parseFile(file(name).toFile());
        for (final String key : List.of("durability", "sub-cluster.size", "archive.dir", "limits.block-bytes",
            "limits.bundle-bytes", "clients.group")) {
            assertFalse(profile.hasPathOrNull(key), key);
        }
    }

    @Test
    void threadsOfANodeAndOfANewClusterFollowTheJob() throws IOException, ConfigurationException {
        for (final String text : List.of(Files.readString(file("node-32-cores")),
            Files.readString(file("node-128-cores")), ConfigurationText.file(Map.of()))) {
            assertEquals(24, Configuration.parse(text, Map.of("SLURM_CPUS_PER_TASK", "24")).threads());
            assertEquals(Configuration.defaults().threads(), Configuration.parse(text, Map.of()).threads());
        }
    }

    @Test
    void aConfigurationAsInitWritesItIncludesAProfile(@TempDir final Path directory) throws Exception {
        for (final String name : NAMES) {
            final Path file = directory.resolve(name + "-ztp.conf");
            Files.writeString(file, "include \"" + file(name).toAbsolutePath() + "\"\n"
                + ConfigurationText.file(Map.of()));
            final Configuration alone = Configuration.read(file(name));
            final Configuration included = Configuration.read(file);
            assertEquals(alone.number(Setting.BATCH_BYTES), included.number(Setting.BATCH_BYTES));
            assertEquals(alone.number(Setting.PENDING_BYTES), included.number(Setting.PENDING_BYTES));
            assertEquals(alone.text(Setting.SCHEDULE), included.text(Setting.SCHEDULE));
        }
    }

    @Test
    void theReadmeShowsWhatTheProfilesSay() throws IOException {
        final Set<String> keys = new LinkedHashSet<>();
        final StringBuilder table = new StringBuilder("| key | default | " + String.join(" | ", NAMES)
            + " |\n|---|---|---|---|---|\n");
        final List<Config> profiles = NAMES.stream().map(name -> ConfigFactory.parseFile(file(name).toFile())
            .resolve(ConfigResolveOptions.noSystem())).toList();
        for (final Setting setting : Setting.values()) {
            if (profiles.stream().anyMatch(profile -> profile.hasPath(setting.key()))) {
                keys.add(setting.key());
                table.append("| `").append(setting.key()).append("` | ").append(setting.defaultText());
                profiles.forEach(profile -> table.append(" | ")
                    .append(profile.hasPath(setting.key()) ? profile.getString(setting.key()) : ""));
                table.append(" |\n");
            }
        }
        final String readme = Files.readString(Path.of("README.md"));
        assertTrue(readme.contains(table), "README.md should have:\n" + table);
        assertTrue(keys.contains("batch.linger"));
    }
}
