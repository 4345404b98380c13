package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.cluster.NodeKey;
import org.ztp.crypto.KeyFormatException;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;

/**
 * This process takes a role over, in as many tries as the shared directory makes it need. The data goes with the role if the
 * old process is proven gone: it is known to have ended, or its lock, under this kernel, is free. Otherwise it begins with
 * the key alone, as a replica that lost its safety record. Who has the number goes on with it: nobody else can be it, and
 * until all is there it has not said a word. One thread.
 */
final class Taking implements AutoCloseable {
    private final ClusterDirectory directory;
    private final Genesis genesis;
    private final Incarnation next;
    private final IncarnationFiles files;
    private Optional<NodeKey> key = Optional.empty();
    private Optional<DirectoryLock> lock = Optional.empty();
    private Path data;
    private boolean hasNumber;

    Taking(final ClusterDirectory directory, final Genesis genesis, final Incarnation next) {
        this.directory = directory;
        this.genesis = genesis;
        this.next = next;
        files = directory.incarnations(next.role());
        data = files.freshData(next.number());
    }

    /** The role, and as which incarnation. */
    Incarnation next() {
        return next;
    }

    /** Whether this process, and no other, is that incarnation; the rest is tried again. */
    boolean hasNumber() {
        return hasNumber;
    }

    /**
     * Tries it; whoever has the seat closes what is in it, and this no more.
     *
     * @return empty if another process is this incarnation or a later one
     * @throws IOException if the directory does not allow it now, as for the two below
     * @throws KeyFormatException if the key cannot be used
     * @throws StorageException if the directory for its data cannot be locked
     */
    Optional<Seat> seat() throws IOException, KeyFormatException {
        final int current = files.current();
        if (current > next.number() || current == next.number() && !hasNumber) {
            return Optional.empty();
        }
        if (key.isEmpty()) {
            key = Optional.of(directory.readNodeKey(genesis, next.role())); // before the number is taken, which counts once
        }
        if (!hasNumber && !link(current)) {
            return Optional.empty();
        }
        files.supersede(next.number());
        if (lock.isEmpty()) {
            lock = Optional.of(DirectoryLock.acquire(Files.createDirectories(data)));
        }
        return Optional.of(new Seat(next, data, lock.get(), key.get(), Seat.superseded(directory, next)));
    }

    private boolean link(final int current) throws IOException {
        final Path before = files.data(current);
        final Optional<DirectoryLock> old = Seat.isProvable(files, current, before) ? lock(before) : Optional.empty();
        try {
            hasNumber = files.link(next.number(), current, old.isEmpty());
        } finally {
            if (!hasNumber) {
                old.ifPresent(DirectoryLock::close);
            }
        }
        if (hasNumber && old.isPresent()) {
            data = before;
            lock = old;
        }
        return hasNumber;
    }

    private static Optional<DirectoryLock> lock(final Path data) {
        try {
            return Optional.of(DirectoryLock.acquire(data));
        } catch (final StorageException held) {
            return Optional.empty(); // by a process that is silent but lives
        }
    }

    /** Lets go of a role that this process has not got. */
    @Override
    public void close() {
        lock.ifPresent(DirectoryLock::close);
        key.ifPresent(NodeKey::close);
    }
}
