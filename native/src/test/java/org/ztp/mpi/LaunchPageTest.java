package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchPageTest {
    private static final Path PAGE = Path.of("docs/man/man1/ztp-launch.1");

    @TempDir
    Path directory;

    @Test
    void thePageShowsTheCommand() throws Exception {
        assertEquals(0, LaunchedService.ztp("manual", directory).exit());
        final String written = Files.readString(directory.resolve("man1/ztp-launch.1"));
        if (Boolean.getBoolean("ztp.rewrite")) {
            Files.writeString(PAGE, written);
        }
        assertEquals(written, Files.readString(PAGE), "run the test with -Dztp.rewrite=true");
    }
}
