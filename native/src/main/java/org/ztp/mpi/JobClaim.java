package org.ztp.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cluster.ClusterDirectory;

/**
 * The job that uses a cluster's directory, by its number in {@code DIR/job}. Locks of files need not reach from one
 * node to another; Slurm knows whether a job runs.
 *
 * <p>Of jobs that claim it at the same time the last one has it: each looks again before it writes its number, which
 * takes no time, and some time after that.
 */
final class JobClaim {
    private static final long SETTLE_MILLIS = 2_000;

    private final ClusterDirectory directory;

    /** What is known of other jobs. */
    interface Jobs {
        /** Whether a job has not ended. */
        boolean isActive(String id) throws InterruptedException;
    }

    JobClaim(final ClusterDirectory directory) {
        this.directory = directory;
    }

    /** Takes the directory for a job, unless another one that has not ended uses it. */
    void take(final String id, final Jobs jobs) throws InterruptedException {
        final Path file = directory.jobFile();
        try {
            for (String other = claimed(file); !other.equals(id); other = claimed(file)) {
                if (other.matches("[0-9_+]{1,32}") && jobs.isActive(other)) {
                    throw used(other);
                }
                if (claimed(file).equals(other)) {
                    final Path draft = file.resolveSibling(file.getFileName() + "." + id);
                    Files.writeString(draft, id + "\n");
                    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
                    final String winner = claimed(file);
                    if (!winner.equals(id)) {
                        throw used(winner);
                    }
                }
            }
        } catch (final IOException unwritable) {
            throw new CommandException(Exit.USAGE, "the cluster's directory cannot be written: " + unwritable,
                "all nodes must be able to read and write it: choose another with --dir");
        }
    }

    private static String claimed(final Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    private CommandException used(final String other) {
        return new CommandException(Exit.UNAVAILABLE, directory.root() + " is used by job " + other
            + ", which has not ended", "wait for it, or end it: scancel --batch --signal=TERM " + other);
    }
}
