package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.ztp.storage.StorageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {
    @Command(name = "failing")
    private record Failing(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }

    private final StringWriter err = new StringWriter();

    private int run(final Exception failure) {
        return new CommandLine(new Failing(failure)).setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(new Failures()).execute();
    }

    @Test
    void aFullDiskIsNoBug() {
        assertEquals(Exit.UNAVAILABLE.code(),
            run(new StorageException(StorageException.Kind.NO_SPACE, "write /d/journal: No space left on device")));
        assertEquals("""
            ztp: write /d/journal: No space left on device
            hint: is there room on that disk, and does it work? ztp doctor looks at both
            """, err.toString());
    }

    @Test
    void whatNobodyExpectedIsOneAndItsLogIsKept() throws Exception {
        assertEquals(Exit.UNEXPECTED.code(),
            run(new StorageException(StorageException.Kind.CORRUPT, "the index is damaged")));
        final String said = err.toString();
        assertTrue(said.startsWith("ztp: unexpected: "), said);
        final Path log = Path.of(said.replaceAll("(?s).* with ([^,]*\\.log).*", "$1"));
        assertTrue(Files.readString(log).contains("the index is damaged"), said);
        Files.delete(log);
    }
}
