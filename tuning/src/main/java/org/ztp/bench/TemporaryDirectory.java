package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;

/**
 * A new directory for what a benchmark makes. It is removed when it is closed, and also when this process is told to stop
 * (SIGTERM, Ctrl-C), while others may still write there.
 */
final class TemporaryDirectory implements AutoCloseable {
    private static final int TRIES = 100;
    private static final long AGAIN_NS = 20_000_000L;

    private final Path path;
    private final Thread hook;
    private volatile Runnable first = () -> { };

    private TemporaryDirectory(final Path path) {
        this.path = path;
        hook = new Thread(this::removeAtOnce, "ztp-remove");
    }

    /** Makes one in an existing directory. */
    static TemporaryDirectory in(final Path place) throws IOException {
        final TemporaryDirectory made = new TemporaryDirectory(Files.createTempDirectory(place, "ztp-bench-"));
        Runtime.getRuntime().addShutdownHook(made.hook);
        return made;
    }

    Path path() {
        return path;
    }

    /** What has to be ended before the directory is removed, if this process is told to stop. */
    void endFirst(final Runnable end) {
        first = end;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException stopping) {
            removeAtOnce();
            return;
        }
        DirectoryTree.delete(path);
    }

    private synchronized void removeAtOnce() {
        if (Files.exists(path)) {
            first.run();
        }
        for (int tries = 1; Files.exists(path); tries++) {
            try {
                DirectoryTree.delete(path);
            } catch (final StorageException changing) { // somebody wrote there meanwhile
                if (tries == TRIES) {
                    System.err.println("ztp: " + path + " cannot be removed: " + changing);
                    return;
                }
                BenchRun.pause(AGAIN_NS);
            }
        }
    }
}
