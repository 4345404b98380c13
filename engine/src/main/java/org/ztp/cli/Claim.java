package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.ztp.cluster.ClaimFiles;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;

/**
 * The claim that this process has on a cluster's directory: nobody else runs replicas of it, and lets no ranks run them,
 * on whatever node. Locks of files need not reach from one node to another, so there are two: a lock, which those under
 * one kernel see, and which is free when its owner was killed; and a file that only one can make ({@link ClaimFiles}),
 * which names its maker. Whether one that did not say that it is over is so all the same, its machine or Slurm tells.
 */
public final class Claim implements AutoCloseable {
    /** Tells a rank the claim of its launcher. */
    public static final String PROPERTY = "ztp.claim";

    private final ClaimFiles files;
    private final DirectoryLock lock;
    private final long number;

    /** What is known of jobs. */
    public interface Jobs {
        /** Whether a job of this cluster of machines has not ended. */
        boolean isActive(String id) throws InterruptedException;

        /** This cluster of machines; empty if nobody tells. */
        String cluster() throws InterruptedException;
    }

    /** What somebody does about a directory. */
    private interface Approach<T> {
        T of(ClaimHolder own) throws IOException, InterruptedException;
    }

    private Claim(final ClaimFiles files, final DirectoryLock lock, final long number) {
        this.files = files;
        this.lock = lock;
        this.number = number;
    }

    /** Claims a directory for this process, and what it runs on its host. */
    static Claim ofProcess(final ClusterDirectory directory) {
        return asProcess(own -> take(directory, own, new SlurmQueue()));
    }

    private static <T> T asProcess(final Approach<T> approach) {
        try {
            return approach.of(ClaimHolder.here(false, System.getenv()));
        } catch (final IOException unreadable) {
            throw unusable(unreadable);
        } catch (final InterruptedException stop) {
            throw CommandException.interrupted("");
        }
    }

    /**
     * Claims a directory.
     *
     * @throws CommandException if another uses it, or may use it as far as is known, or it cannot be written
     */
    public static Claim take(final ClusterDirectory directory, final ClaimHolder own, final Jobs jobs)
            throws InterruptedException {
        final Desk desk = new Desk(directory, own, jobs);
        final DirectoryLock lock = desk.lock();
        boolean taken = false;
        try {
            final long last = desk.requireFree();
            desk.requireNoOwner();
            taken = directory.claims().make(last + 1, own.toString());
            if (!taken) {
                throw desk.used(directory.claims().last());
            }
            return new Claim(directory.claims(), lock, last + 1);
        } catch (final IOException unwritable) {
            throw unusable(unwritable);
        } finally {
            if (!taken) {
                lock.close();
            }
        }
    }

    /** Refuses if another process uses a directory; claims nothing. */
    static void look(final ClusterDirectory directory) {
        asProcess(own -> look(directory, own, new SlurmQueue()));
    }

    /** Who uses a directory, or may use it as far as is known, for people; empty if nobody does. Claims nothing. */
    static Optional<String> user(final ClusterDirectory directory) {
        return asProcess(own -> user(directory, own, new SlurmQueue()));
    }

    static Optional<String> user(final ClusterDirectory directory, final ClaimHolder own, final Jobs jobs)
            throws IOException, InterruptedException {
        try {
            look(directory, own, jobs);
            return Optional.empty();
        } catch (final CommandException used) {
            return Optional.of(used.getMessage() + (used.hint().isEmpty() ? "" : "; " + used.hint()));
        }
    }

    private static long look(final ClusterDirectory directory, final ClaimHolder own, final Jobs jobs)
            throws IOException, InterruptedException {
        final Desk desk = new Desk(directory, own, jobs);
        if (DirectoryLock.isHeld(directory.claims().claims())) {
            throw desk.used(directory.claims().last());
        }
        return desk.requireFree();
    }

    /** A rank refuses unless its launcher's claim counts; if it has none that claims for it, it looks. */
    static void requireForRank(final ClusterDirectory directory) {
        final Long claim = Long.getLong(PROPERTY);
        if (claim == null) {
            look(directory);
            return;
        }
        try {
            if (!directory.claims().holds(claim)) {
                throw new CommandException(Exit.UNAVAILABLE, "claim of " + directory.root() + ": expected=" + claim + " actual="
                    + directory.claims().last().map(ClaimFiles.Claim::toString).orElse("none"), "another uses it by now");
            }
        } catch (final IOException unreadable) {
            throw unusable(unreadable);
        }
    }

    private static CommandException unusable(final Exception cause) {
        return new CommandException(Exit.USAGE, "the cluster's directory cannot be written: "
            + (cause instanceof IOException file ? Failures.describe(file) : cause.getMessage()),
            "all nodes must be able to read and write it: choose another with --dir");
    }

    /** Which claim it is. */
    public long number() {
        return number;
    }

    /**
     * Gives the directory up: nothing that uses it runs any more.
     *
     * @param say told if that cannot be noted; then others find out as they do of who was killed
     */
    public void end(final Consumer<String> say) {
        try {
            files.end(number);
        } catch (final IOException untold) {
            say.accept("it cannot be noted that " + files.claims().getParent() + " is used no more: " + untold);
        } finally {
            close();
        }
    }

    /** Gives the directory up as if this process were killed: what it let run may run on. */
    @Override
    public void close() {
        lock.close();
    }

    /** How one that would have the directory finds out whether it may. */
    private record Desk(ClusterDirectory directory, ClaimHolder own, Jobs jobs) {
        private DirectoryLock lock() {
            try {
                Files.createDirectories(directory.claims().claims());
                return DirectoryLock.acquire(directory.claims().claims());
            } catch (final IOException unwritable) {
                throw unusable(unwritable);
            } catch (final StorageException held) {
                throw usedOr(held);
            }
        }

        private CommandException usedOr(final StorageException held) {
            try {
                final boolean used = DirectoryLock.isHeld(directory.claims().claims());
                return used ? used(directory.claims().last()) : unusable(held);
            } catch (final IOException | StorageException unreadable) {
                return unusable(held);
            }
        }

        /** The number of the last claim, 0 if there was none. Who calls this owns the lock, or will not write. */
        private long requireFree() throws IOException, InterruptedException {
            final Optional<ClaimFiles.Claim> last = directory.claims().last();
            if (last.isPresent() && !last.get().over() && !isOver(last.get())) {
                throw used(last);
            }
            return last.map(ClaimFiles.Claim::number).orElse(0L);
        }

        /** Ranks may outlive, or take longer to end than, who claimed for them; those under this kernel their locks tell. */
        private void requireNoOwner() {
            final Optional<Path> held = directory.owned().stream().filter(DirectoryLock::isHeld).findFirst();
            if (held.isPresent()) {
                throw new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by another process: "
                    + held.get() + " is locked", "ranks may still be ending; look at it with: ztp status, and try again");
            }
        }

        private boolean isOver(final ClaimFiles.Claim claim) throws InterruptedException {
            final Optional<ClaimHolder> parsed = ClaimHolder.parse(claim.holder());
            if (parsed.isEmpty()) {
                return false;
            }
            final ClaimHolder holder = parsed.get();
            if (!holder.ranks() && (holder.isUnderKernelOf(own) || holder.isBeforeStartOf(own)) || holder.isSameRun(own)) {
                return true;
            }
            return holder.job().isPresent() && !isActive(holder.job().get(), claim);
        }

        private boolean isActive(final JobName job, final ClaimFiles.Claim claim) throws InterruptedException {
            if (!job.cluster().isEmpty() && !job.cluster().equals(ownCluster())) {
                throw new CommandException(Exit.UNAVAILABLE, directory.root() + " was used last by job " + job.id()
                    + " of the cluster of machines " + job.cluster() + ", whose Slurm is not asked from here", ended(claim));
            }
            try {
                return jobs.isActive(job.id());
            } catch (final CommandException untold) {
                throw new CommandException(untold.exit(), directory.root() + ": " + untold.getMessage(), untold.hint()
                    + "; " + ended(claim));
            }
        }

        /** The cluster of machines whose Slurm is asked; empty if that is not known. */
        private String ownCluster() throws InterruptedException {
            final String told = own.job().map(JobName::cluster).orElse("");
            return told.isEmpty() ? jobs.cluster() : told;
        }

        private String ended(final ClaimFiles.Claim claim) {
            return "if it has ended: touch " + directory.claims().overMark(claim.number());
        }

        private CommandException used(final Optional<ClaimFiles.Claim> last) {
            final Optional<ClaimHolder> holder = last.filter(claim -> !claim.over()).flatMap(
                claim -> ClaimHolder.parse(claim.holder()));
            if (holder.isEmpty()) {
                return new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by another process: " + last.map(
                    ClaimFiles.Claim::toString).orElse("one that begins"), "look at it with: ztp status, and try again");
            }
            return new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by " + holder.get().brief()
                + (holder.get().ranks() || holder.get().isUnderKernelOf(own) ? ", which has not ended"
                : ", which has not said that it has ended"), toDo(holder.get(), ended(last.get())));
        }

        private String toDo(final ClaimHolder holder, final String ifEnded) {
            final boolean inOwnJob = holder.job().isPresent() && holder.job().equals(own.job());
            if (holder.ranks() && !inOwnJob) {
                final String id = holder.job().map(JobName::id).orElse("");
                return "wait for it, or end it: scancel --batch --signal=TERM " + id + ", or if it waits in the queue: scancel " + id;
            }
            return !holder.ranks() && holder.isUnderKernelOf(own) ? "look at it with: ztp status; commands without --local reach it"
                : "end it where it runs; " + ifEnded;
        }
    }
}
