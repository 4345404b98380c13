package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.cli.Program;
import picocli.CommandLine;

/** The command as users call it: every figure is there and plausible, nothing is left behind, wrong options say so. */
final class BenchCommandTest {
    /**
     * Less than one copy of the payload (256 bytes): so the service copies no transaction into a fresh array. What is
     * left is for bundles, blocks and the clock, and is more for each transaction the fewer a busy machine gets done.
     */
    private static final double ALLOCATED_BYTES_PER_TRANSACTION = 256;

    /**
     * Beside what the machine does to commits anyway; at rest it is little more than the time-out of a view, 500 ms.
     */
    private static final double MOST_PAUSE_MILLIS = 2_500;
    /** Rates of two seconds on a busy machine vary by this much. */
    private static final double NOISE = 0.6;
    /** What a fault does is looked at in so many runs at most. */
    private static final int RUNS = 3;

    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int bench(final String... options) {
        final CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final List<String> words = new ArrayList<>(List.of("bench", "--dir", directory.toString()));
        words.addAll(List.of(options));
        return line.execute(words.toArray(String[]::new));
    }

    @Test
    void everyFigureIsThereAndPlausible() throws Exception {
        assertEquals(0, bench("--json", "--durability", "os", "--seconds", "2", "--warmup", "2", "--idle", "2",
            "--in-flight", "8"), err.toString());
        final Config figures = ConfigFactory.parseString(out.toString());
        final double perSecond = figures.getDouble("txPerSecond");
        final double seconds = figures.getDouble("seconds");
        assertTrue(seconds >= 2 && seconds < 4, out.toString());
        assertEquals(figures.getLong("transactions") / seconds, perSecond, perSecond / 100, out.toString());
        assertEquals(perSecond / 100, figures.getDouble("bundlesPerSecond"), perSecond / 10_000);
        assertTrue(perSecond > 1_000, out.toString());
        assertTrue(figures.getDouble("blocksPerSecond") >= 1, out.toString());
        assertTrue(figures.getDouble("p50Micros") > 10, out.toString());
        assertEquals(4, figures.getConfigList("intervals").size(), out.toString());
        for (final Config interval : figures.getConfigList("intervals")) {
            assertTrue(interval.getDouble("p50Micros") > 10, out.toString());
            assertTrue(interval.getDouble("residentMiB") > 10, out.toString());
            assertTrue(figures.getDouble("maxMicros") >= interval.getDouble("p99Micros") * 0.99, out.toString());
        }
        assertTrue(figures.hasPath("steady"), out.toString());
        assertTrue(figures.getDouble("p99Micros") >= figures.getDouble("p50Micros"), out.toString());
        for (final String limit : List.of("hash", "signature", "signatureOneByOne", "signedAndChecked", "journal")) {
            assertTrue(figures.getDouble(limit + "LimitTxPerSecond") > 1_000, out.toString());
        }
        assertEquals(perSecond / figures.getDouble("hashLimitTxPerSecond"), figures.getDouble("fractionOfLimit"), 0.01);
        assertTrue(figures.getDouble("fractionOfLimit") < 1, out.toString());
        assertEquals(figures.getDouble("signatureLimitTxPerSecond")
            / figures.getDouble("signatureOneByOneLimitTxPerSecond"), figures.getDouble("signatureBatchGain"), 0.01);
        assertTrue(figures.getDouble("signedAndCheckedLimitTxPerSecond")
            < figures.getDouble("signatureLimitTxPerSecond"), out.toString());
        assertTrue(figures.getDouble("serviceCpuMicrosPerTx") > 0.1, out.toString());
        assertTrue(figures.getDouble("clientCpuMicrosPerTx") > 0.001, out.toString());
        final double madeBefore = figures.getDouble("setting.bundlesMadeBefore");
        assertTrue(madeBefore > 0.01 && madeBefore <= 1, out.toString());
        assertTrue(figures.getDouble("idleCpuFraction") < 0.5, out.toString());
        for (final String fact : List.of("cores", "cpu", "memoryBytes", "kernel", "jdk", "fileSystem")) {
            assertTrue(figures.getConfig("host").getString(fact).length() > 0, fact);
        }
        assertTrue(figures.getDouble("allocatedBytesPerTx") < ALLOCATED_BYTES_PER_TRANSACTION, out.toString());
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aPacedLoadKeepsItsRate() {
        assertEquals(0, bench("--json", "--durability", "memory", "--seconds", "2", "--warmup", "1", "--rate", "2000",
            "--bundle", "10", "--payload", "64", "--prepare", "0"), err.toString());
        final Config figures = ConfigFactory.parseString(out.toString());
        // What piled up in the warm-up of a busy machine becomes final in the measured time: 2,000 for each of 3 seconds.
        final double perSecond = figures.getDouble("txPerSecond");
        assertTrue(perSecond > 1_000 && perSecond < 1.1 * 2_000 * 3 / 2, out.toString());
        assertEquals(2_000, figures.getDouble("setting.rateTxPerSecond"), 0);
        assertEquals(0, figures.getDouble("setting.bundlesMadeBefore"), 0);
    }

    @Test
    void withoutJsonThereIsATable() {
        assertEquals(0, bench("--durability", "memory", "--seconds", "1", "--warmup", "0", "--signed", "each"),
            err.toString());
        assertTrue(out.toString().contains("transactions/s"), out.toString());
        assertTrue(out.toString().contains("signatures"), out.toString());
        assertTrue(err.toString().contains("measuring for 1 s"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"leader-hang", "leader-crash"})
    void commitsGoOnByThemselvesWhenTheLeaderFails(final String fault) {
        final Config figures = measured(one -> one.getDouble("txPerSecondDuring") > 100 && one.getDouble("pauseMillis")
            < MOST_PAUSE_MILLIS + 3 * one.getDouble("pauseBeforeMillis"), "--durability", "os", "--seconds", "6",
            "--warmup", "1", "--fault", fault, "--clients", "2", "--in-flight", "4");
        assertTrue(figures.getDouble("pauseMillis") > figures.getDouble("viewTimeoutMillis") / 2, out.toString());
        assertEquals(1, figures.getIntList("replicas").size(), out.toString());
        final double catchingUp = figures.getDouble("txPerSecondCatchingUp");
        assertEquals(100 * (1 - catchingUp / figures.getDouble("txPerSecondBefore")), figures.getDouble("lossPercent"), 0.5);
        assertEquals(100 * (1 - catchingUp / figures.getDouble("txPerSecondAfter")),
            figures.getDouble("lossPercentOfAfter"), 0.5);
        assertTrue(figures.getDouble("compilerFractionBefore") < 1, out.toString());
        assertTrue(err.toString().matches("(?s).*for the first time.*warming up until little is compiled.*measuring.*"),
            err.toString());
    }

    /** The figures of the first of a few runs that are as they should be: others use this machine's processors, too. */
    private Config measured(final Predicate<Config> good, final String... options) {
        final List<String> words = new ArrayList<>(List.of("--json"));
        words.addAll(List.of(options));
        final List<String> tried = new ArrayList<>();
        while (tried.size() < RUNS) {
            out.getBuffer().setLength(0);
            assertEquals(0, bench(words.toArray(String[]::new)), err.toString());
            final Config figures = ConfigFactory.parseString(out.toString());
            if (good.test(figures)) {
                return figures;
            }
            tried.add(out.toString());
        }
        return fail("none of these: " + tried);
    }

    @Test
    void aHaltedSubClusterHoldsTheOthersNotBack() {
        final Config figures = measured(one -> {
            final List<Integer> before = one.getIntList("subClustersBefore");
            final List<Integer> during = one.getIntList("subClustersDuring");
            return IntStream.range(0, 2).allMatch(i -> before.get(i) > 0 && during.get(i) > NOISE * before.get(i));
        }, "--durability", "memory", "--seconds", "6", "--warmup", "2", "--fault", "sub-cluster-halt", "--replicas", "12",
            "--sub-cluster-size", "4", "--clients", "12", "--in-flight", "4");
        assertEquals(List.of(8, 9, 10, 11), figures.getIntList("replicas"), out.toString());
        assertEquals(0, figures.getIntList("subClustersDuring").get(2), out.toString());
    }

    @Test
    void wrongOptionsAreUsageErrorsWithAHint() {
        for (final String[] wrong : new String[][] {{"--replicas", "3"}, {"--durability", "never"}, {"--threads", "0"},
            {"--seconds", "0"}, {"--payload", "x"}, {"--signed", "none"}, {"--fault", "flood"},
            {"--fault", "sub-cluster-halt"}, {"--sub-cluster-size", "3"}, {"--set", "no.such=1"}, {"--rate", "-1"},
            {"--transport", "tcp"}, {"--transport", "tcp", "--fault", "leader-hang"},
            {"--transport", "mpi", "--fault", "leader-hang"}, {"--fault", "leader-hang", "--idle", "1"},
            {"--fault", "leader-hang", "--prepare", "1"}, {"--rate", "1", "--in-flight", "5"}, {"--in-flight", "0"},
            {"--bundle", "65536", "--payload", "1048576"}, {"--dir", directory.resolve("absent").toString()}}) {
            err.getBuffer().setLength(0);
            assertEquals(2, bench(wrong), String.join(" ", wrong));
            assertTrue(err.toString().contains("hint: "), err.toString());
            assertEquals("", out.toString(), String.join(" ", wrong));
        }
    }
}
