package org.ztp.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program of the system said.
 *
 * @param exit its exit code; -1 if it could not be run, or did not end in time
 * @param out its output and errors; why it could not be run
 */
public record ProgramRun(int exit, String out) {
    private static final long LIMIT_S = 10;

    /** Runs a program without input, for 10 s at most. */
    public static ProgramRun of(final List<String> words) throws InterruptedException {
        try {
            final File out = File.createTempFile("ztp", ".out");
            try {
                final Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out)
                    .redirectInput(new File("/dev/null")).start();
                final boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
                return new ProgramRun(ended ? process.exitValue() : -1,
                    Files.readString(out.toPath(), StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(out.toPath());
            }
        } catch (final IOException missing) {
            return new ProgramRun(-1, String.valueOf(missing.getMessage()));
        }
    }
}
