package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ztp.storage.disk.DirectoryLock;

/**
 * Who has claimed a cluster's directory, as it is written there: {@code process|ranks job=… host=… machine=… kernel=…
 * pid=…}, with {@code -} for what is not known.
 *
 * @param ranks whether it has ranks on the nodes of its job; else all that it runs is on its host
 * @param job the job that it runs in
 * @param host its host's name
 * @param machine the id that its host got when its system was installed: others may have the same name, at another site or
 *     in a container
 * @param kernel the boot id of its kernel
 * @param pid its process
 */
public record ClaimHolder(boolean ranks, Optional<JobName> job, Optional<String> host, Optional<String> machine,
                          Optional<String> kernel, long pid) {
    private static final Pattern WRITTEN = Pattern.compile(
        "(process|ranks) job=(\\S+) host=(\\S+) machine=(\\S+) kernel=(\\S+) pid=([0-9]{1,18})");
    private static final String UNKNOWN = "-";
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
    private static final Path MACHINE = Path.of("/etc/machine-id");
    /** What names no machine. */
    private static final String ANY_HOST = "localhost";

    /**
     * This process.
     *
     * @param ranks whether it has ranks on the nodes of its job
     * @param environment of this process
     * @throws CommandException if its host does not tell who it is
     */
    public static ClaimHolder here(final boolean ranks, final Map<String, String> environment) {
        try {
            return new ClaimHolder(ranks, JobName.of(environment), word(HOST, "\\S+").filter(
                name -> !name.startsWith(ANY_HOST)), word(MACHINE, "[0-9a-f]{32}"), Optional.of(DirectoryLock.kernel()).filter(
                    boot -> boot.matches("\\S+")), ProcessHandle.current().pid());
        } catch (final IOException untold) {
            throw new CommandException(Exit.UNAVAILABLE, "this host does not tell its name and kernel: " + untold, "");
        }
    }

    /** What a file of the system tells; empty if there is none, or it tells something else. */
    private static Optional<String> word(final Path file, final String pattern) throws IOException {
        return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()).filter(told -> told.matches(pattern))
            : Optional.empty();
    }

    /** Reads what {@link #toString} writes; empty if it is none. */
    static Optional<ClaimHolder> parse(final String text) {
        final Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return Optional.empty();
        }
        final Optional<JobName> job = JobName.parse(written.group(2));
        return job.isEmpty() && !written.group(2).equals(UNKNOWN) ? Optional.empty() : Optional.of(new ClaimHolder(
            written.group(1).equals("ranks"), job, known(written.group(3)), known(written.group(4)),
            known(written.group(5)), Long.parseLong(written.group(6))));
    }

    private static Optional<String> known(final String word) {
        return word.equals(UNKNOWN) ? Optional.empty() : Optional.of(word);
    }

    /** Whether both have run under one kernel, whose locks tell each that the other has ended. */
    boolean isUnderKernelOf(final ClaimHolder other) {
        return kernel.isPresent() ? kernel.equals(other.kernel)
            : other.kernel.isEmpty() && isOnMachineOf(other);
    }

    private boolean isOnMachineOf(final ClaimHolder other) {
        return host.isPresent() && host.equals(other.host) && machine.isPresent() && machine.equals(other.machine);
    }

    /** Whether its machine has been started again since. */
    boolean isBeforeStartOf(final ClaimHolder other) {
        return isOnMachineOf(other) && kernel.isPresent() && other.kernel.isPresent() && !kernel.equals(other.kernel);
    }

    /** Whether both have ranks in the same job, which goes on then. */
    boolean isSameRun(final ClaimHolder other) {
        return ranks && other.ranks && job.isPresent() && job.equals(other.job);
    }

    /** For people. */
    String brief() {
        return ranks ? "job " + job.map(JobName::id).orElse(UNKNOWN) : "process " + pid
            + host.map(name -> " on " + name).orElse("") + job.map(name -> " in job " + name.id()).orElse("");
    }

    @Override
    public String toString() {
        return (ranks ? "ranks" : "process") + " job=" + job.map(JobName::toString).orElse(UNKNOWN) + " host="
            + host.orElse(UNKNOWN) + " machine=" + machine.orElse(UNKNOWN) + " kernel=" + kernel.orElse(UNKNOWN) + " pid=" + pid;
    }
}
