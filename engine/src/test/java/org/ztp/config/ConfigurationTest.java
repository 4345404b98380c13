package org.ztp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @Test
    void anEmptyFileGivesTheDefaults() throws ConfigurationException {
        final Configuration configuration = Configuration.parse("", Map.of());
        assertEquals(500_000_000L, configuration.viewTimeoutNs());
        assertEquals(100_000_000L, configuration.detectorHeartbeatNs());
        assertEquals(1_000_000_000L, configuration.detectorLimitNs());
        assertEquals(1 << 20, configuration.number(Setting.BATCH_BYTES));
        assertEquals(Durability.DISK, configuration.durability());
        assertTrue(configuration.threads() >= 1);
        assertTrue(configuration.archiveDirectory().isEmpty());
    }

    @Test
    void valuesAreReadWithTheirUnits() throws ConfigurationException {
        final Configuration configuration = Configuration.parse("""
            batch { linger = 250 us, bytes = 64 KiB }
            limits.clock-ahead = 2min
            durability = os
            schedule = "dynamic,64"
            archive.dir = /scratch/ztp""", Map.of());
        assertEquals(250_000, configuration.batchLingerNs());
        assertEquals(65_536, configuration.number(Setting.BATCH_BYTES));
        assertEquals(120_000_000_000L, configuration.number(Setting.CLOCK_AHEAD));
        assertEquals(Durability.OS, configuration.durability());
        assertEquals("dynamic,64", configuration.text(Setting.SCHEDULE));
        assertEquals(Path.of("/scratch/ztp"), configuration.archiveDirectory().orElseThrow());
    }

    @Test
    void variablesEnterBySubstitutionOnly() throws ConfigurationException {
        final String text = "threads = 3\nthreads = ${?SLURM_CPUS_PER_TASK}\n";
        assertEquals(17, Configuration.parse(text, Map.of("SLURM_CPUS_PER_TASK", "17", "schedule", "static")).threads());
        assertEquals(256, Configuration.parse(text, Map.of("SLURM_CPUS_PER_TASK", "384")).threads());
        assertEquals(3, Configuration.parse(text, Map.of("BASH_FUNC_x%%", "() { :; }")).threads());
        assertEquals("guided", Configuration.parse(text, Map.of("schedule", "static")).text(Setting.SCHEDULE));
    }

    @Test
    void aLineWhoseVariableIsNotSetDoesNotCountOnlyIfItSaysSo() throws ConfigurationException {
        assertEquals(3, Configuration.parse("threads = 3\nthreads = ${?CORES}", Map.of()).threads());
        assertProblem("threads = 3\nthreads = ${CORES}", "Could not resolve substitution to a value: ${CORES}");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheOneThatWasMeant() {
        assertProblem("batch.lingr = 2ms", "unknown key batch.lingr, did you mean batch.linger?");
        assertProblem("thread = 2", "did you mean threads?");
        assertProblem("limits { cleints = 3 }", "did you mean limits.clients?");
        assertProblem("something { quite.different = 1 }", "unknown key something");
        assertProblem("batch = 3", "unknown key batch");
        assertProblem("batch { }, threads { }", "threads: expected one value");
    }

    @Test
    void valuesOutsideOfTheirLimitsAreRefused() {
        assertProblem("threads = 0", "threads: expected auto, 1 .. 256, actual=0");
        assertProblem("threads = 257", "actual=257");
        assertProblem("ring.size = 1000", "ring.size: expected a power of two, actual=\"1000\"");
        assertProblem("view.timeout = 500", "expected a time with its unit");
        assertProblem("view.timeout = 2h", "view.timeout: expected 10ms .. 16s, actual=2h");
        assertProblem("view.timeout = 16001ms", "view.timeout: expected 10ms .. 16s");
        assertProblem("batch.bytes = 999999999999999999GiB", "batch.bytes: expected bytes");
        assertProblem("batch.bytes = -1", "batch.bytes: expected bytes");
        assertProblem("schedule = \"static,4\"", "schedule: expected static, dynamic");
        assertProblem("durability = tape", "durability: expected one of memory, os, disk, archive, actual=\"tape\"");
    }

    @Test
    void settingsThatDoNotFitTogetherAreRefused() {
        assertProblem("detector { heartbeat = 400ms, limit = 1s }", "detector.limit is at least three times");
        assertProblem("durability = archive", "durability is archive only if archive.dir is set");
        assertProblem("batch.linger = 300ms", "batch.linger is at most half of view.timeout");
        assertProblem("limits.block-bytes = 64MiB", "limits.block-bytes is at least");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        final ConfigurationException thrown = assertThrows(ConfigurationException.class,
            () -> Configuration.parse("threads = x, schedule = y, nonsense = 1", Map.of()));
        assertEquals(3, thrown.problems().size());
    }

    @Test
    void whatIsNotHoconIsRefusedWithItsLine() {
        assertProblem("threads = 2\nring { size", "2");
        assertProblem("threads = ${NOT_THERE}", "NOT_THERE");
    }

    @Test
    void theFileThatInitWritesIsReadBack(@TempDir final Path directory) throws Exception {
        final Path file = directory.resolve("ztp.conf");
        Files.writeString(file, ConfigurationText.file(Map.of(Setting.BATCH_LINGER, "7ms", Setting.ARCHIVE_DIR, "a b\"c")));
        final Configuration configuration = Configuration.read(file);
        assertEquals(7_000_000, configuration.batchLingerNs());
        assertEquals("a b\"c", configuration.text(Setting.ARCHIVE_DIR));
        assertThrows(ConfigurationException.class, () -> Configuration.read(directory.resolve("none")));
    }

    @Test
    void aNewFileTakesInEachVariableThatIsSetForAJob() throws ConfigurationException {
        final Map<String, String> environment = Map.of("ZTP_DURABILITY", "archive", "ZTP_ARCHIVE", "/scratch/archive",
            "ZTP_LOCAL", "/dev/shm/ztp", "SLURM_CPUS_PER_TASK", "3");
        final Configuration configuration = Configuration.parse(ConfigurationText.file(Map.of()), environment);
        final Map<Setting, String> variables = ConfigurationText.variables(environment);
        assertEquals(Set.of(Setting.DURABILITY, Setting.ARCHIVE_DIR, Setting.LOCAL_DIR), variables.keySet());
        variables.forEach((setting, name) -> assertEquals(environment.get(name), configuration.text(setting)));
        assertEquals(Map.of(Setting.LOCAL_DIR, "ZTP_LOCAL"),
            ConfigurationText.variables(Map.of("ZTP_LOCAL", "/tmp", "ZTP_ARCHIVE", "")));
    }

    @Test
    void eachProblemOfAFileNamesIt(@TempDir final Path directory) throws Exception {
        final Path file = directory.resolve("ztp.conf");
        for (final String wrong : List.of("threads = x\nnonsense = 1", "ring { size", "batch.linger = 1h",
            "threads = ${NOT_THERE}")) {
            Files.writeString(file, wrong);
            final ConfigurationException thrown = assertThrows(ConfigurationException.class,
                () -> Configuration.read(file));
            for (final String problem : thrown.problems()) {
                assertTrue(problem.startsWith(file + ": "), problem);
                assertEquals(1, problem.split(Pattern.quote(file.toString()), -1).length - 1, problem);
            }
        }
    }

    @Test
    void theDefaultsInTheFileAreTheDefaults() throws ConfigurationException {
        final String all = ConfigurationText.file(Map.of()).replaceAll("(?m)^# ([a-z.-]+ = )", "$1");
        final Configuration configuration = Configuration.parse(all, Map.of());
        for (final Setting setting : Setting.values()) {
            assertTrue(all.contains("\n" + setting.key() + " = "), setting.key());
            if (setting.kind().isText()) {
                assertEquals(Configuration.defaults().text(setting), configuration.text(setting));
            } else {
                assertEquals(Configuration.defaults().number(setting), configuration.number(setting));
            }
        }
    }

    @Test
    void thePageShowsTheTable() throws Exception {
        final Path page = Path.of("docs/CONFIGURATION.md");
        if (Boolean.getBoolean("ztp.rewrite")) {
            Files.writeString(page, ConfigurationText.markdown());
        }
        assertEquals(ConfigurationText.markdown(), Files.readString(page), "run the test with -Dztp.rewrite=true");
    }

    private static void assertProblem(final String text, final String expected) {
        final ConfigurationException thrown = assertThrows(ConfigurationException.class,
            () -> Configuration.parse(text, Map.of()));
        assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    }
}
