package org.ztp.tuning.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;

/** What a search leaves behind. */
final class TuningFilesTest {
    @TempDir
    private Path directory;

    private static Verdict verdict(final double perDynamic8) throws DefaultFailedException {
        return new Search(Space.of(4), Goal.THROUGHPUT, new Load(8, 16, 100, 256, 0), 240_000_000_000L,
            new ModelTrials(point -> point.value(Setting.SCHEDULE).equals("dynamic,8") ? perDynamic8 : 1, 0.01, 0, 1),
            run -> { }).run();
    }

    @Test
    void theProfileSetsWhatWasChosenAndNothingElse() throws Exception {
        final Verdict verdict = verdict(1.5);
        assertTrue(verdict.duel().isWon(), verdict.sentence());
        final String text = ProfileText.of(verdict, "mine.conf", List.of("Machine: a very good one\nwith two lines"));
        final Configuration read = Configuration.parse(text, Map.of());
        assertEquals("dynamic,8", read.text(Setting.SCHEDULE));
        final Configuration chosen = Configuration.with(verdict.chosen().values());
        for (final Setting setting : verdict.chosen().values().keySet()) {
            assertTrue(text.contains("\n" + setting.key() + " = "), setting.key());
        }
        assertEquals(chosen.batchLingerNs(), read.batchLingerNs());
        assertEquals(chosen.number(Setting.BATCH_BYTES), read.number(Setting.BATCH_BYTES));
        assertEquals(chosen.text(Setting.RING_WAIT), read.text(Setting.RING_WAIT));
        assertEquals(chosen.count(Setting.RING_SIZE), read.count(Setting.RING_SIZE));
        assertFalse(text.contains("\ndurability"), text);
        assertEquals(List.of(), text.lines().filter(line -> line.length() > 110).toList());
        assertTrue(text.contains("noise bound"), text);
    }

    @Test
    void aConfigurationIncludesTheProfileAndItsThreadsFollowTheJob() throws Exception {
        Files.writeString(directory.resolve("tuned.conf"), ProfileText.of(verdict(1), "tuned.conf", List.of()));
        Files.writeString(directory.resolve("ztp.conf"), "include \"tuned.conf\"\nbatch.linger = 7ms\n");
        final Configuration read = Configuration.read(directory.resolve("ztp.conf"));
        assertEquals(7_000_000, read.batchLingerNs());
        assertEquals("guided", read.text(Setting.SCHEDULE));
        assertEquals(24, Configuration.parse(Files.readString(directory.resolve("tuned.conf")),
            Map.of("SLURM_CPUS_PER_TASK", "24")).threads());
    }

    @Test
    void theTableHasALineForEachRun() throws Exception {
        final Verdict verdict = verdict(0);
        final List<String> lines = EvidenceTable.of(verdict).lines().toList();
        assertEquals(verdict.runs().size() + 1, lines.size());
        assertEquals("run,phase,startedSeconds,batch.linger,threads,batch.bytes,ring.wait,batch.count,schedule,"
            + "ring.size,clients,inFlight,rateTxPerSecond,txPerSecond,p50Micros,p99Micros,failure", lines.get(0));
        assertTrue(lines.get(1).startsWith("1,warmup,0.0,2ms,auto,1MiB,park,1024,guided,1024,8,16,,"), lines.get(1));
        assertTrue(lines.stream().anyMatch(line -> line.contains(",\"dynamic,8\",")
            && line.endsWith(",0.0,,,\"the model fails, \"\"here\"\"\"")), String.join("\n", lines));
    }

    @Test
    void theFigureMarksTheDefaultAndTheChosenPoint() throws Exception {
        final String figure = LoadFigure.of(verdict(1.5), "some <machine>");
        for (final String expected : List.of("default, at several loads", "challenger, at several loads",
            "chosen: schedule=dynamic,8", "transactions/s", "latency from submission to final, ms",
            "some &lt;machine&gt;", "noise bound")) {
            assertTrue(figure.contains(expected), expected);
        }
    }

    @Test
    void filesAppearWholeOrNotAtAll() throws Exception {
        final Path old = Files.writeString(directory.resolve("b"), "old");
        final Map<Path, String> both = new LinkedHashMap<>();
        both.put(directory.resolve("a"), "A");
        both.put(old, "B");
        assertThrows(FileAlreadyExistsException.class, () -> NewFiles.write(both, false));
        assertEquals(List.of("b"), names());
        assertEquals("old", Files.readString(old));
        NewFiles.write(both, true);
        assertEquals(List.of("a", "b"), names());
        assertEquals("B", Files.readString(old));
        both.put(directory.resolve("absent/c"), "C");
        both.replaceAll((file, text) -> "new");
        assertThrows(IOException.class, () -> NewFiles.write(both, true));
        assertEquals(List.of("a", "b"), names());
        assertEquals("B", Files.readString(old));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
