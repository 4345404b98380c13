package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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
        Command.writeScript(directory.resolve("engine/bin/ztp"), System.getProperty("java.class.path"));
        final String said = Command.runShell(directory, example.group(1));
        assertTrue(said.contains("ready "), said);
        assertTrue(said.contains("stopped "), said);
    }
}
