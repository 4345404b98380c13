package org.ztp.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration of one node: every setting has a value within its limits. Immutable. */
public final class Configuration {
    /** What has to hold between settings, for people. */
    static final List<String> RULES = List.of(
        "`detector.limit` is at least three times `detector.heartbeat`",
        "`detector.replace` is at least `detector.limit`",
        "`batch.linger` is at most half of `view.timeout`",
        "`limits.block-bytes` is at least `limits.bundle-bytes` and at least `batch.bytes`, each with 64 KiB to spare",
        "`durability` is `archive` only if `archive.dir` is set");

    /** The variable by which Slurm tells a job what cores each of its tasks has. */
    static final String CORES = "SLURM_CPUS_PER_TASK";
    /** What keys begin with. */
    private static final String PEM = "-----BEGIN ";
    private static final int MAX_THREADS = 256;
    private static final long SPARE_BYTES = 64 << 10;

    private final Map<Setting, Long> numbers = new EnumMap<>(Setting.class);
    private final Map<Setting, String> texts = new EnumMap<>(Setting.class);

    private Configuration() {
    }

    /** Every setting at its default. */
    public static Configuration defaults() {
        return with(Map.of());
    }

    /** The defaults but for some settings, given as they would be written; bad ones are the caller's mistake. */
    public static Configuration with(final Map<Setting, String> set) {
        try {
            return of(ConfigFactory.empty(), Map.of(), set);
        } catch (final ConfigurationException badDefault) {
            throw new IllegalArgumentException(badDefault.getMessage(), badDefault);
        }
    }

    /**
     * Reads a file, with the environment of this process for its substitutions.
     *
     * @throws ConfigurationException if it cannot be used; each problem begins with the file
     */
    public static Configuration read(final Path file) throws ConfigurationException {
        if (!Files.isReadable(file)) {
            throw new ConfigurationException(List.of(file + ": cannot be read"));
        }
        if (holdsKey(file)) {
            throw new ConfigurationException(List.of(file + ": holds a key, and no configuration"));
        }
        try {
            return of(ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)),
                System.getenv(), Map.of());
        } catch (final ConfigException notHocon) {
            throw new ConfigurationException(List.of(in(file, notHocon.getMessage())));
        } catch (final ConfigurationException wrong) {
            throw new ConfigurationException(wrong.problems().stream().map(problem -> in(file, problem)).toList());
        }
    }

    /** What is wrong in a file is shown with the words around it; those of a key are not. */
    private static boolean holdsKey(final Path file) throws ConfigurationException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(PEM.length()), StandardCharsets.ISO_8859_1).equals(PEM);
        } catch (final IOException unreadable) {
            throw new ConfigurationException(List.of(file + ": cannot be read"));
        }
    }

    /** A problem with its file, which one that has a line has named already. */
    private static String in(final Path file, final String problem) {
        return problem.startsWith(file + ":") ? problem : file + ": " + problem;
    }

    /** Reads a text, with the given variables for its substitutions. */
    public static Configuration parse(final String text, final Map<String, String> environment)
            throws ConfigurationException {
        try {
            return of(ConfigFactory.parseString(text), environment, Map.of());
        } catch (final ConfigException notHocon) {
            throw new ConfigurationException(List.of(notHocon.getMessage()));
        }
    }

    private static Configuration of(final Config config, final Map<String, String> environment,
                                    final Map<Setting, String> set) throws ConfigurationException {
        final Map<Setting, String> written = new EnumMap<>(Setting.class);
        written.putAll(set);
        final List<String> problems = new ArrayList<>();
        leaves("", resolved(config, withCoresOfATeam(environment)), written, problems);
        final Configuration configuration = new Configuration();
        for (final Setting setting : Setting.values()) {
            try {
                configuration.put(setting, written.getOrDefault(setting, setting.defaultText()));
            } catch (final IllegalArgumentException wrong) {
                problems.add(wrong.getMessage());
            }
        }
        if (problems.isEmpty()) {
            configuration.check(problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return configuration;
    }

    /** A job may have more cores for a task than a team has threads: that is nothing to be refused. */
    private static Map<String, String> withCoresOfATeam(final Map<String, String> environment) {
        final String cores = environment.getOrDefault(CORES, "");
        if (!cores.matches("[0-9]{1,9}") || Integer.parseInt(cores) <= MAX_THREADS) {
            return environment;
        }
        final Map<String, String> fitting = new HashMap<>(environment);
        fitting.put(CORES, Integer.toString(MAX_THREADS));
        return fitting;
    }

    /** The environment stands behind the file while substitutions are looked up, and is taken away again. */
    private static ConfigObject resolved(final Config config, final Map<String, String> environment) {
        ConfigObject object = config.withFallback(ConfigValueFactory.fromMap(environment).toConfig())
            .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(false)).root();
        for (final String name : environment.keySet()) {
            if (!config.root().containsKey(name)) {
                object = object.withoutKey(name);
            }
        }
        return object;
    }

    private static void leaves(final String prefix, final ConfigObject object, final Map<Setting, String> written,
                               final List<String> problems) {
        for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            final String key = prefix + ConfigUtil.joinPath(entry.getKey());
            final ConfigValue value = entry.getValue();
            final Optional<Setting> setting = Setting.of(key);
            if (setting.isPresent() && value.valueType() != ConfigValueType.OBJECT
                    && value.valueType() != ConfigValueType.LIST) {
                written.put(setting.get(), String.valueOf(value.unwrapped()));
            } else if (setting.isEmpty() && value instanceof ConfigObject inner && isPrefix(key)) {
                leaves(key + ".", inner, written, problems);
            } else {
                problems.add(value.origin().description() + ": " + (setting.isPresent()
                    ? key + ": expected one value" : "unknown key " + key + suggestion(key)));
            }
        }
    }

    private static boolean isPrefix(final String key) {
        return Arrays.stream(Setting.values()).anyMatch(setting -> setting.key().startsWith(key + "."));
    }

    private static String suggestion(final String key) {
        return Similar.to(key, Arrays.stream(Setting.values()).map(Setting::key).toList())
            .map(meant -> ", did you mean " + meant + "?").orElse("");
    }

    private void put(final Setting setting, final String text) {
        if (setting.kind().isText()) {
            texts.put(setting, setting.word(text));
        } else {
            numbers.put(setting, setting.number(text));
        }
    }

    private void check(final List<String> problems) {
        final boolean[] holds = {
            detectorLimitNs() >= 3 * detectorHeartbeatNs(),
            detectorReplaceNs() >= detectorLimitNs(),
            2 * batchLingerNs() <= viewTimeoutNs(),
            number(Setting.BLOCK_BYTES) >= SPARE_BYTES
                + Math.max(number(Setting.BUNDLE_BYTES), number(Setting.BATCH_BYTES)),
            durability() != Durability.ARCHIVE || archiveDirectory().isPresent()};
        for (int i = 0; i < holds.length; i++) {
            if (!holds[i]) {
                problems.add("settings do not fit together: " + RULES.get(i).replace("`", ""));
            }
        }
    }

    /** The value of a numeric setting: things, bytes or nanoseconds; {@code auto} is 0. */
    public long number(final Setting setting) {
        return numbers.get(setting);
    }

    /** The value of a numeric setting that fits an int by its limits. */
    public int count(final Setting setting) {
        return Math.toIntExact(number(setting));
    }

    /** The value of a setting that is a word or a text. */
    public String text(final Setting setting) {
        return texts.get(setting);
    }

    /** Threads of the team, 1 .. 256; {@code auto} is already resolved to the cores that this process may use. */
    public int threads() {
        final int set = count(Setting.THREADS);
        return set == Kind.AUTO ? Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()) : set;
    }

    /** A batch's patience, nanoseconds. */
    public long batchLingerNs() {
        return number(Setting.BATCH_LINGER);
    }

    /** A view's time at first, nanoseconds. */
    public long viewTimeoutNs() {
        return number(Setting.VIEW_TIMEOUT);
    }

    /** Interval of heartbeats, nanoseconds. */
    public long detectorHeartbeatNs() {
        return number(Setting.DETECTOR_HEARTBEAT);
    }

    /** Silence after which a peer is suspected, nanoseconds. */
    public long detectorLimitNs() {
        return number(Setting.DETECTOR_LIMIT);
    }

    /** Silence after which a replica's role is given to a spare rank, nanoseconds. */
    public long detectorReplaceNs() {
        return number(Setting.DETECTOR_REPLACE);
    }

    /** When a vote counts as stored. */
    public Durability durability() {
        return switch (text(Setting.DURABILITY)) {
            case "memory" -> Durability.MEMORY;
            case "os" -> Durability.OS;
            case "archive" -> Durability.ARCHIVE;
            default -> Durability.DISK;
        };
    }

    /** Directory of the archive, if there is one. */
    public Optional<Path> archiveDirectory() {
        return directory(Setting.ARCHIVE_DIR);
    }

    /** Directory on each node for its replica's journal, if that is not in the cluster's. */
    public Optional<Path> localDirectory() {
        return directory(Setting.LOCAL_DIR);
    }

    private Optional<Path> directory(final Setting setting) {
        final String directory = text(setting);
        return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
    }
}
