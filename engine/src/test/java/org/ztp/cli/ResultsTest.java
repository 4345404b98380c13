package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultsTest {
    private final StringWriter err = new StringWriter();

    @Test
    void whatArrivesIsTheCommandsOwnEnd() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final Results results = new Results(out);
        results.println("\u20ac");
        assertEquals(0, results.end(0, new PrintWriter(err)));
        assertEquals(3, results.end(3, new PrintWriter(err)));
        assertEquals("\u20ac" + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
        assertEquals("", err.toString());
    }

    @Test
    void aDiskThatIsFullIsToldAndTheResultIsOnStderr(@TempDir final Path directory) throws IOException {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            final Results results = new Results(full);
            final int code = Program.commandLine().setOut(results).setErr(new PrintWriter(err)).execute("keygen",
                directory.resolve("key").toString());
            assertEquals(2, results.end(code, new PrintWriter(err)));
        }
        assertTrue(err.toString().startsWith("ssh-ed25519 "), err.toString());
        assertTrue(err.toString().contains("ztp: standard output could not be written: No space left on device"),
            err.toString());
    }

    @Test
    void aReaderThatHasGoneEndsACommandAsASignalWould() {
        final Results results = new Results(new OutputStream() {
            @Override
            public void write(final int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        results.println("one");
        assertEquals(141, results.end(0, new PrintWriter(err)));
        assertEquals(4, results.end(4, new PrintWriter(err)));
        assertEquals("", err.toString());
    }
}
