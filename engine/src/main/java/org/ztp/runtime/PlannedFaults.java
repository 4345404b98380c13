package org.ztp.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.ztp.storage.StorageException;

/**
 * Trouble that tests ask for at a checkpoint: a file {@code REPLICA.POINT.HARM} in a directory, such as
 * {@code 2.journal.oom}, lets it happen once, when that replica gets there. Any thread.
 */
final class PlannedFaults {
    /** Names the directory; it counts only where faults are allowed. */
    static final String PROPERTY = "ztp.faults";

    private final Optional<Path> directory;

    /** Where trouble may be wanted. */
    enum Point {
        /** What a replica keeps is about to be opened. */
        START,
        /** The replica's agent, at each turn: it exchanges messages with its peers. */
        EXCHANGE,
        /** The journal's agent, at each turn. */
        JOURNAL,
        /** The agent that takes bundles in. */
        INGEST,
        /** A share is opened for an accumulation that is under way. */
        CONTRIBUTE,
        /** At the end, before the archive is brought up to date. */
        ARCHIVE,
        /** The exit routine. */
        EXIT
    }

    /** Kinds of trouble. */
    enum Harm {
        /** The process ends at once, as by SIGKILL. */
        KILL,
        /** There is no memory. */
        OOM,
        /** There is no room on the disk. */
        FULL,
        /** What the disk gives is not what was written. */
        CORRUPT,
        /** An exception that nobody expects. */
        EXCEPTION
    }

    private PlannedFaults(final Optional<Path> directory) {
        this.directory = directory;
    }

    /** None. */
    static PlannedFaults none() {
        return new PlannedFaults(Optional.empty());
    }

    /** Those of the directory that the property names. */
    static PlannedFaults fromProperty() {
        return new PlannedFaults(Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of));
    }

    /** A duty with a checkpoint before each of its turns; the duty itself if nothing is planned. */
    Duty before(final Duty duty, final int replica, final Point point) {
        return directory.isEmpty() ? duty : new Duty() {
            @Override
            public int work() {
                reach(replica, point);
                return duty.work();
            }

            @Override
            public long restNs() {
                return Math.min(duty.restNs(), 100_000_000L);
            }
        };
    }

    /** A checkpoint: if trouble is wanted here, it comes. */
    void reach(final int replica, final Point point) {
        directory.ifPresent(path -> {
            for (final Harm harm : Harm.values()) {
                if (isWanted(path.resolve((replica + "." + point + "." + harm).toLowerCase(Locale.ROOT)))) {
                    befall(harm, point);
                }
            }
        });
    }

    private static boolean isWanted(final Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void befall(final Harm harm, final Point point) {
        switch (harm) {
            case KILL -> Runtime.getRuntime().halt(137);
            case OOM -> throw new OutOfMemoryError("planned at " + point);
            case CORRUPT -> throw new StorageException(StorageException.Kind.CORRUPT, "planned at " + point);
            case FULL -> throw new StorageException(StorageException.Kind.NO_SPACE, "planned at " + point);
            default -> throw new IllegalStateException("planned at " + point);
        }
    }
}
