package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.ztp.mpi.LaunchedService.Said;

/** A client that records the same number of lines again and again until it has been enough, at least once. */
final class Recording {
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger lines = new AtomicInteger();
    private final CompletableFuture<Void> over;

    private Recording(final LaunchedService service, final Path file, final int count) {
        over = CompletableFuture.runAsync(() -> {
            while (!enough.get() || lines.get() == 0) {
                final Said said = service.run("record", file, "--key", service.key, "--timeout", "120");
                if (!said.err().contains("no service runs")) { // as it is for a moment when the rank that serves has died
                    // it may add how many bundles it had to drive again
                    assertTrue(said.out().startsWith(count + " records are final"), said.out() + said.err());
                    lines.addAndGet(count);
                }
            }
        });
    }

    /** Begins to record so many lines at once. */
    static Recording start(final LaunchedService service, final int count) throws IOException {
        return new Recording(service, Files.write(service.cluster.resolveSibling("recorded"),
            IntStream.range(0, count).mapToObj(i -> "line " + i).toList()), count);
    }

    /** Lines that are final so far. */
    int lines() {
        return lines.get();
    }

    /** Lets it end, and waits for that; lines that are final. */
    int end() throws Exception {
        enough.set(true);
        over.get(600, TimeUnit.SECONDS);
        return lines();
    }
}
