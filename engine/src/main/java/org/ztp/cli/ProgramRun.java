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
 * @param end how it ended
 * @param exit its exit code; -1 if it could not be run, or did not end in time
 * @param out its output and errors; why it could not be run
 */
public record ProgramRun(End end, int exit, String out) {
    private static final int LIMIT_S = 10;

    /** How a program ends. */
    public enum End {
        /** By itself. */
        ENDED,
        /** By force: it did not end in time. */
        LATE,
        /** It could not be run. */
        NOT_RUN
    }

    /** Runs a program without input, for 10 s at most. */
    public static ProgramRun of(final List<String> words) throws InterruptedException {
        return of(words, LIMIT_S);
    }

    /** Runs a program without input, for so many seconds at most. */
    static ProgramRun of(final List<String> words, final int limitS) throws InterruptedException {
        try {
            final File out = File.createTempFile("ztp", ".out");
            try {
                final Process process = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out)
                    .redirectInput(new File("/dev/null")).start();
                final boolean ended = process.waitFor(limitS, TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
                return new ProgramRun(ended ? End.ENDED : End.LATE, ended ? process.exitValue() : -1,
                    new String(Files.readAllBytes(out.toPath()), StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(out.toPath());
            }
        } catch (final IOException missing) {
            return new ProgramRun(End.NOT_RUN, -1, String.valueOf(missing.getMessage()));
        }
    }
}
