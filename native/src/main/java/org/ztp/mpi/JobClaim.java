package org.ztp.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cluster.ClusterDirectory;

/**
 * The job that uses a cluster's directory, by its name in {@code DIR/job}. Locks of files need not reach from one
 * node to another; Slurm knows whether a job runs.
 *
 * <p>Of jobs that claim it at the same time the last one has it: each looks again before it writes its name, some time
 * after that, and when its ranks are ready.
 */
final class JobClaim {
    private static final long SETTLE_MILLIS = 2_000;

    private final ClusterDirectory directory;

    /** What is known of other jobs. */
    interface Jobs {
        /** Whether a job of this cluster of machines has not ended. */
        boolean isActive(String id) throws InterruptedException;
    }

    JobClaim(final ClusterDirectory directory) {
        this.directory = directory;
    }

    /** Takes the directory for a job, unless another one that has not ended uses it. */
    void take(final JobName own, final Jobs jobs) throws InterruptedException {
        final Path file = directory.jobFile();
        try {
            for (String other = claimed(file); !other.equals(own.toString()); other = claimed(file)) {
                refuse(own, other, jobs);
                if (claimed(file).equals(other)) {
                    final Path draft = file.resolveSibling(file.getFileName() + "." + own);
                    Files.writeString(draft, own + "\n");
                    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
                    requireOwn(own);
                }
            }
        } catch (final IOException unwritable) {
            throw unusable(unwritable);
        }
    }

    /** Refuses if another job has claimed the directory since: a file system that stalls lets both find themselves. */
    void requireOwn(final JobName own) {
        try {
            final String winner = claimed(directory.jobFile());
            if (!winner.equals(own.toString())) {
                throw used(winner);
            }
        } catch (final IOException unreadable) {
            throw unusable(unreadable);
        }
    }

    private void refuse(final JobName own, final String written, final Jobs jobs) throws InterruptedException {
        final Optional<JobName> other = JobName.parse(written);
        if (other.isPresent() && !other.get().isOfSameCluster(own)) {
            throw new CommandException(Exit.UNAVAILABLE, directory.root() + " was used last by job " + other.get().id()
                + " of the cluster of machines " + other.get().cluster() + ", whose Slurm is not asked from here",
                "when that job has ended, remove " + directory.jobFile());
        }
        if (other.isPresent() && !other.get().id().equals(own.id()) && jobs.isActive(other.get().id())) {
            throw used(written);
        }
    }

    private static CommandException unusable(final IOException cause) {
        return new CommandException(Exit.USAGE, "the cluster's directory cannot be written: " + cause,
            "all nodes must be able to read and write it: choose another with --dir");
    }

    private static String claimed(final Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private CommandException used(final String written) {
        final String other = JobName.parse(written).map(JobName::id).orElse(written);
        return new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by job " + other
            + ", which has not ended", "wait for it, or end it: scancel --batch --signal=TERM " + other);
    }
}
