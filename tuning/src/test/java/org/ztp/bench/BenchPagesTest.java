package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Program;

final class BenchPagesTest {
    private static final Path PAGES = Path.of("docs/man/man1");

    @TempDir
    private Path directory;

    @Test
    void thePagesShowTheCommands() throws Exception {
        assertEquals(0, Program.commandLine().execute("manual", directory.toString()));
        final List<String> names;
        try (Stream<Path> all = Files.list(directory.resolve("man1"))) {
            names = all.map(page -> page.getFileName().toString()).filter(name -> name.matches("ztp-(bench|tune).*"))
                .sorted().toList();
        }
        assertEquals(7, names.size(), names.toString());
        for (final String name : names) {
            final String written = Files.readString(directory.resolve("man1").resolve(name));
            if (Boolean.getBoolean("ztp.rewrite")) {
                Files.createDirectories(PAGES);
                Files.writeString(PAGES.resolve(name), written);
            }
            assertEquals(written, Files.readString(PAGES.resolve(name)), "run the test with -Dztp.rewrite=true");
        }
    }
}
