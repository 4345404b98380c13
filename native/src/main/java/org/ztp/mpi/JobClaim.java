package org.ztp.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cluster.ClusterDirectory;

/**
 * The job that uses a cluster's directory, by its number in {@code DIR/job}. Locks of files need not reach from one node
 * to another; Slurm knows whether a job runs.
 */
final class JobClaim {
    private final ClusterDirectory directory;

    JobClaim(final ClusterDirectory directory) {
        this.directory = directory;
    }

    /** Takes the directory for a job, unless another one that has not ended uses it. */
    void take(final SlurmJob job) throws InterruptedException {
        final Path file = directory.jobFile();
        try {
            final String other = Files.exists(file) ? Files.readString(file).strip() : "";
            if (other.matches("[0-9_+]{1,32}") && !other.equals(job.id()) && job.isActive(other)) {
                throw new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by job " + other
                    + ", which has not ended", "wait for it, or end it: scancel --batch --signal=TERM " + other);
            }
            final Path draft = file.resolveSibling(file.getFileName() + "." + job.id());
            Files.writeString(draft, job.id() + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException unwritable) {
            throw new CommandException(Exit.USAGE, "the cluster's directory cannot be written: " + unwritable,
                "all nodes must be able to read and write it: choose another with --dir");
        }
    }
}
