package org.ztp.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a program of the system said. It says it into a pipe: many of Slurm's end with exit code 0 when a full file system
 * took nothing of what they wrote, which would pass for an answer.
 *
 * @param end how it ended
 * @param exit its exit code; -1 if it could not be run, or did not end in time
 * @param out its output and errors, 4 MiB at most, and who says more finds the pipe closed; why there is none
 */
public record ProgramRun(End end, int exit, String out) {
    private static final int LIMIT_S = 10;
    private static final int MAX_BYTES = 4 << 20;

    /** How a program ends. */
    public enum End {
        /** By itself. */
        ENDED,
        /**
         * By force: it did not end in time. If it ended, and something that it left behind has its output still, this may or may
         * not be waited for: the JDK lets go of a pipe when the process has ended, unless it is being read.
         */
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
            return wait(new ProcessBuilder(words).redirectErrorStream(true).redirectInput(new File("/dev/null")).start(), limitS);
        } catch (final IOException missing) {
            return notRun(missing);
        }
    }

    private static ProgramRun wait(final Process process, final int limitS) throws InterruptedException {
        final long startNs = System.nanoTime();
        final FutureTask<byte[]> said = new FutureTask<>(() -> {
            try (InputStream out = process.getInputStream()) {
                return out.readNBytes(MAX_BYTES);
            }
        });
        final Thread reader = new Thread(said, "reads a program");
        reader.setDaemon(true);
        reader.start();
        try {
            final byte[] out = said.get(limitS, TimeUnit.SECONDS);
            final long restNs = TimeUnit.SECONDS.toNanos(limitS) - (System.nanoTime() - startNs);
            return process.waitFor(restNs, TimeUnit.NANOSECONDS)
                ? new ProgramRun(End.ENDED, process.exitValue(), new String(out, StandardCharsets.UTF_8)) : late(limitS);
        } catch (final TimeoutException still) {
            return late(limitS);
        } catch (final ExecutionException unread) {
            return notRun(unread.getCause());
        } finally {
            process.destroyForcibly();
        }
    }

    private static ProgramRun late(final int limitS) {
        return new ProgramRun(End.LATE, -1, "no end within " + limitS + " s");
    }

    private static ProgramRun notRun(final Throwable why) {
        return new ProgramRun(End.NOT_RUN, -1, String.valueOf(why.getMessage()));
    }
}
