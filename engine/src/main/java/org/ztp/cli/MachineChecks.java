package org.ztp.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ztp.cli.Finding.Level;

/** Looks at the machine and the job that the program runs in; changes nothing. */
final class MachineChecks {
    private static final long MIN_SHARED_BYTES = 64L << 20;
    private static final int MIN_FILES = 4096;
    private static final int MAX_PROGRAM_S = 5;
    private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs");
    private static final Set<String> PARALLEL = Set.of("lustre", "gpfs", "beegfs", "ceph", "pvfs2", "wekafs");

    private final Map<String, String> environment;
    private final Path clusterDirectory;

    MachineChecks(final Map<String, String> environment, final Path clusterDirectory) {
        this.environment = environment;
        this.clusterDirectory = clusterDirectory;
    }

    /** Everything, in the order in which it matters. */
    List<Finding> all() {
        final List<Finding> findings = new ArrayList<>(List.of(java(), cores(), memory(), openFiles(), sharedMemory(),
            directory()));
        findings.addAll(new MpiChecks(environment, Path.of("/dev/shm")).all());
        findings.add(slurm());
        return findings;
    }

    private static Finding java() {
        final int feature = Runtime.version().feature();
        return new Finding("java", feature >= 17 ? Level.OK : Level.FAIL, System.getProperty("java.vm.name") + " "
            + Runtime.version() + " (" + System.getProperty("os.arch") + ")",
            feature >= 17 ? "" : "install a JDK of version 17 or later");
    }

    private Finding cores() {
        final int cores = Runtime.getRuntime().availableProcessors();
        final String slurm = environment.getOrDefault("SLURM_CPUS_PER_TASK", "");
        final boolean fewer = slurm.matches("[0-9]{1,6}") && Integer.parseInt(slurm) > cores;
        return new Finding("cores", fewer ? Level.WARN : Level.OK, cores + " for this process"
            + (slurm.isEmpty() ? "" : ", SLURM_CPUS_PER_TASK=" + slurm),
            fewer ? "the process is bound to fewer cores than the job has: use mpirun --bind-to none" : "");
    }

    private static Finding memory() {
        final long bytes = Runtime.getRuntime().maxMemory();
        return new Finding("heap", Level.OK, (bytes >> 20) + " MiB at most; set it with ZTP_JAVA_OPTS=-Xmx…", "");
    }

    private static Finding openFiles() {
        final String soft = firstLine(Path.of("/proc/self/limits"), "Max open files")
            .map(line -> line.substring("Max open files".length()).strip().split("\\s+")[0]).orElse("unknown");
        final boolean few = soft.matches("[0-9]{1,9}") && Integer.parseInt(soft) < MIN_FILES;
        return new Finding("open files", few ? Level.WARN : Level.OK, soft, few ? "ulimit -n " + MIN_FILES : "");
    }

    private static Finding sharedMemory() {
        final Path memory = Path.of("/dev/shm");
        if (!Files.isDirectory(memory) || !Files.isWritable(memory)) {
            return new Finding("shared memory", Level.WARN, "/dev/shm cannot be written; clients meet the service in "
                + System.getProperty("java.io.tmpdir"), "mount a tmpfs at /dev/shm");
        }
        try {
            final long free = Files.getFileStore(memory).getUsableSpace();
            final boolean little = free < MIN_SHARED_BYTES;
            return new Finding("shared memory", little ? Level.FAIL : Level.OK, (free >> 20) + " MiB free in /dev/shm",
                little ? "remove what is left over in /dev/shm, or mount it larger (docker: --shm-size)" : "");
        } catch (final IOException unreadable) {
            return new Finding("shared memory", Level.FAIL, unreadable.toString(), "");
        }
    }

    private Finding directory() {
        Path existing = clusterDirectory.toAbsolutePath().normalize();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            final FileStore store = Files.getFileStore(existing);
            final String detail = clusterDirectory + " on " + store.type() + ", " + (store.getUsableSpace() >> 20)
                + " MiB free";
            if (!Files.isWritable(existing)) {
                return new Finding("directory", Level.FAIL, detail + ", not writable", "choose another with --dir");
            }
            if (NETWORK.contains(store.type())) {
                return new Finding("directory", Level.WARN, detail,
                    "journals belong on a local disk or a parallel file system");
            }
            return new Finding("directory", Level.OK, detail + (PARALLEL.contains(store.type())
                ? ", a parallel file system" : ""), "");
        } catch (final IOException unreadable) {
            return new Finding("directory", Level.FAIL, existing + ": " + unreadable, "choose another with --dir");
        }
    }

    private Finding slurm() {
        final Optional<Path> srun = onPath("srun");
        if (srun.isEmpty()) {
            return new Finding("slurm", Level.NOTE, "srun is not on the PATH", "");
        }
        final String job = environment.get("SLURM_JOB_ID");
        final FirstLine said = FirstLine.of(List.of(srun.get().toString(), "--version"), MAX_PROGRAM_S, line -> true,
            "which does not answer");
        return new Finding("slurm", Level.OK, said.text() + (job == null ? ", not in a job" : ", job " + job + " on "
            + environment.getOrDefault("SLURM_JOB_NODELIST", "?")), "");
    }

    private Optional<Path> onPath(final String program) {
        return Stream.of(environment.getOrDefault("PATH", "").split(":")).filter(each -> !each.isEmpty())
            .map(each -> Path.of(each, program)).filter(Files::isExecutable).findFirst();
    }

    private static Optional<String> firstLine(final Path file, final String start) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(start)).findFirst();
        } catch (final IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }
}
