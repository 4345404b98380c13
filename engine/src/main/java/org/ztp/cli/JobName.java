package org.ztp.cli;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job among those of all the clusters of machines that may share a file system; each Slurm numbers its own.
 *
 * @param id its number, as Slurm writes it
 * @param cluster the cluster of machines whose Slurm knows it; empty if that was not told
 */
public record JobName(String id, String cluster) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9_+]{1,32})(?:@([^@\\s]{1,64}))?");

    /** The job that a process runs in; empty if it runs in none. */
    static Optional<JobName> of(final Map<String, String> environment) {
        return Optional.ofNullable(environment.get("SLURM_JOB_ID")).flatMap(id -> parse(of(id, environment).toString()));
    }

    /** A job, as its environment tells of the cluster. */
    public static JobName of(final String id, final Map<String, String> environment) {
        final String cluster = environment.getOrDefault("SLURM_CLUSTER_NAME", "");
        return new JobName(id, cluster.matches("[^@\\s]{1,64}") ? cluster : "");
    }

    /** Reads what {@link #toString} writes; empty if it is none. */
    public static Optional<JobName> parse(final String text) {
        final Matcher written = WRITTEN.matcher(text);
        return written.matches() ? Optional.of(new JobName(written.group(1), written.group(2) == null ? ""
            : written.group(2))) : Optional.empty();
    }

    @Override
    public String toString() {
        return cluster.isEmpty() ? id : id + "@" + cluster;
    }
}
