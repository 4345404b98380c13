package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.ztp.crypto.SystemRandomness;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;

/**
 * A new directory for what a benchmark makes. It is removed when it is closed, and also when this process is told to
 * stop (SIGTERM, Ctrl-C), while others may still write there.
 */
final class TemporaryDirectory implements AutoCloseable {
    private static final int TRIES = 100;
    private static final long AGAIN_NS = 20_000_000L;
    /** Looks that must find nothing: who is still at work may make a directory again that has just been removed. */
    private static final int LOOKS = 5;

    private final Path path;
    private final Thread hook;
    private volatile Runnable first = () -> { };
    private boolean stopping;

    /** One that is to be made at a path. */
    TemporaryDirectory(final Path path) {
        this.path = path;
        hook = new Thread(this::removeAtOnce, "ztp-remove");
    }

    /** Makes one in an existing directory. */
    static TemporaryDirectory in(final Path place) throws IOException {
        final TemporaryDirectory made = new TemporaryDirectory(place.resolve("ztp-bench-"
            + HexFormat.of().formatHex(new SystemRandomness().bytes(8))));
        Runtime.getRuntime().addShutdownHook(made.hook); // first: who is told to stop between the two leaves nothing
        made.create();
        return made;
    }

    /** Makes it, unless this process was told to stop. */
    synchronized void create() throws IOException {
        if (stopping) {
            throw new IOException("told to stop before " + path + " was made");
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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

    /** What is done when this process is told to stop. */
    synchronized void removeAtOnce() {
        stopping = true;
        if (Files.notExists(path)) {
            return;
        }
        first.run();
        String last = "somebody makes it again and again";
        int gone = 0;
        for (int tries = 0; gone < LOOKS && tries < TRIES; tries++) {
            gone = Files.exists(path) ? 0 : gone + 1;
            try {
                DirectoryTree.delete(path);
            } catch (final StorageException changing) { // somebody wrote there meanwhile
                last = changing.toString();
            }
            BenchRun.pause(AGAIN_NS);
        }
        if (gone < LOOKS) {
            System.err.println("ztp: " + path + " cannot be removed: " + last);
        }
    }
}
