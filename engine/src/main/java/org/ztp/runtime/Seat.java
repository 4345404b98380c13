package org.ztp.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.cluster.NodeKey;
import org.ztp.crypto.KeyFormatException;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;

/**
 * The role that this process runs: nobody else is that incarnation, and nobody else has its data.
 *
 * @param incarnation the role, and which of its incarnations
 * @param data where its data is, whichever incarnation begins later
 * @param lock of the directory with the data
 * @param key the role's key
 * @param superseded whether a later incarnation has begun; looked at before each write of the safety record
 */
public record Seat(Incarnation incarnation, Path data, DirectoryLock lock, NodeKey key, BooleanSupplier superseded) {
    /** So long the shared directory may be out of reach before a rank gives up. */
    private static final long REACH_NS = 30_000_000_000L;
    private static final long LOOK_NS = 50_000_000L;

    /**
     * The role of a rank that has one from the start, with the data there is. It goes on with the last incarnation if the process
     * of that is proven gone, as by {@link Taking}. Else, as when its node is out of reach and Slurm merely says that the
     * job has ended, it is the next one: then the old process, if it lives, halts before it writes its safety record again.
     *
     * @throws StorageException if another process has the data, or is a later incarnation
     */
    static Seat first(final ClusterDirectory directory, final Genesis genesis, final long run, final int rank)
            throws IOException, KeyFormatException {
        final IncarnationFiles files = directory.incarnations(rank);
        final int current = files.current();
        final Path data = Files.createDirectories(files.data(current));
        final boolean provable = !DirectoryLock.hadOwner(data) || isProvable(files, current, data);
        final Incarnation own = new Incarnation(rank, provable ? current : current + 1, run, rank);
        final NodeKey key = directory.readNodeKey(genesis, rank);
        try {
            if (!provable) { // before the lock, which tells then that its last owner ran here
                supersede(files, own, current, data);
            }
            return new Seat(own, data, goOn(files, own, data), key, superseded(directory, own));
        } catch (final IOException | RuntimeException failure) {
            key.close();
            throw failure;
        }
    }

    private static void supersede(final IncarnationFiles files, final Incarnation own, final int current, final Path data)
            throws IOException {
        if (DirectoryLock.isHeld(data)) {
            throw new StorageException(StorageException.Kind.IO, "directory is in use: " + data);
        }
        if (!files.take(own.number(), current, false)) {
            throw overtaken(files, own);
        }
    }

    private static DirectoryLock goOn(final IncarnationFiles files, final Incarnation own, final Path data) throws IOException {
        final DirectoryLock lock = DirectoryLock.acquire(data);
        try {
            if (files.current() != own.number()) {
                throw overtaken(files, own);
            }
            files.goOn(own.number());
            return lock;
        } catch (final IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static StorageException overtaken(final IncarnationFiles files, final Incarnation own) {
        return new StorageException(StorageException.Kind.IO, "replica " + own.role() + " was taken over meanwhile: expected="
            + own.number() + " actual=" + files.current());
    }

    /** Whether it proves that the process of an incarnation is gone if the lock of its data is free. */
    static boolean isProvable(final IncarnationFiles files, final int number, final Path data) {
        return files.isEnded(number) || DirectoryLock.wasHeldUnderThisKernel(data);
    }

    static BooleanSupplier superseded(final ClusterDirectory directory, final Incarnation incarnation) {
        final File mark = directory.incarnations(incarnation.role()).overMark(incarnation.number());
        final File beside = directory.replica(incarnation.role()).toFile();
        return () -> isMarked(mark, beside);
    }

    /**
     * Looks for a mark. Files that cannot be reached look as if they were not there, so who does not see what must be
     * beside the mark cannot tell, and waits; one that could have been superseded for so long does not go on.
     */
    private static boolean isMarked(final File mark, final File beside) {
        final long sinceNs = System.nanoTime();
        while (!mark.exists()) {
            if (beside.exists()) {
                return false;
            }
            if (System.nanoTime() - sinceNs >= REACH_NS) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }
}
