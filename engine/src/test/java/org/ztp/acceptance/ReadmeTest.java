package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example of README.md, as it stands there, by somebody who has nothing but the program. */
@Timeout(240)
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```\\n(export PATH=.*?)^```$");

    @Test
    void theExampleRunsAsItIsPasted(@TempDir final Path directory) throws Exception {
        final Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../README.md")));
        assertTrue(example.find());
        final Path program = Files.createDirectories(directory.resolve("engine/bin")).resolve("ztp");
        Files.writeString(program, Command.script());
        assertTrue(program.toFile().setExecutable(true));
        final Path said = directory.resolve("said");
        final ProcessBuilder shell = new ProcessBuilder("timeout", "200", "bash", "-eu", "-c", example.group(1))
            .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("ZTP_") || name.startsWith("SLURM_"));
        shell.environment().put("TMPDIR", directory.toString());
        final Process process = shell.start();
        assertTrue(process.waitFor(230, TimeUnit.SECONDS));
        final String output = Files.readString(said);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("ready "), output);
        assertTrue(output.contains("stopped "), output);
    }
}
