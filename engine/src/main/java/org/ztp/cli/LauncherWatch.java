package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ztp.storage.disk.DirectoryLock;

/**
 * Ranks must not outlive {@code ztp launch}: when that is gone without having ended them, they end themselves, as by
 * SIGTERM, and then mpirun, which may not end by itself. In a job of Slurm the rank on the launcher's node alone does so,
 * without ending what started it, which would kill the others at once: they go on until the job ends.
 */
public final class LauncherWatch {
    /** Tells a rank the launcher: its process id, and in a job after an @ where that counts. */
    static final String PROPERTY = "ztp.launcher";
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18})(?:@(\\S+))?");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
    /** What mpirun is in Open MPI 4 and 5. */
    private static final List<String> PROGRAMS = List.of("orterun", "mpirun", "prterun");

    private LauncherWatch() {
    }

    /** The option that tells a rank on this host that this process is its launcher. */
    public static String onThisHost() {
        return "-D" + PROPERTY + "=" + ProcessHandle.current().pid();
    }

    /** The option that tells a rank on a node of this job so; empty if this system cannot tell one node from another. */
    public static Optional<String> inJob() {
        return numbering().map(where -> onThisHost() + "@" + where);
    }

    /** Names the processes' numbering that this process knows: its kernel, and the namespace in that. */
    private static Optional<String> numbering() {
        try {
            final String kernel = DirectoryLock.kernel();
            return kernel.isEmpty() ? Optional.empty()
                : Optional.of(kernel + "-" + Files.readSymbolicLink(NAMESPACE).toString().replaceAll("[^0-9]", ""));
        } catch (final IOException | UnsupportedOperationException untold) {
            return Optional.empty();
        }
    }

    /**
     * Watches the launcher that this process was told of, if it was. One that is gone already was killed while the ranks came
     * together.
     *
     * @param end ends this process in order
     */
    static void start(final Consumer<String> say, final Runnable end) {
        final Optional<Long> told = told();
        if (told.isPresent()) {
            final Thread watch = new Thread(() -> {
                ProcessHandle.of(told.get()).ifPresent(launcher -> launcher.onExit().join());
                say.accept("the launcher is gone");
                end.run();
            }, "ztp-launcher");
            watch.setDaemon(true);
            watch.start();
        }
    }

    /** The launcher's process id, if this process was told of one that it can see. */
    private static Optional<Long> told() {
        final Matcher written = WRITTEN.matcher(System.getProperty(PROPERTY, ""));
        return written.matches() && (written.group(2) == null || numbering().equals(Optional.of(written.group(2))))
            ? Optional.of(Long.valueOf(written.group(1))) : Optional.empty();
    }

    /** Ends what started this rank on the launcher's host, if it was left alone by the launcher that should have ended it. */
    static void endLauncherLeftAlone() {
        final Long onThisHost = Long.getLong(PROPERTY); // null in a job
        if (onThisHost != null && ProcessHandle.of(onThisHost).isEmpty()) {
            ProcessHandle.current().parent().filter(parent -> PROGRAMS.stream().anyMatch(
                parent.info().command().orElse("")::contains)).ifPresent(ProcessHandle::destroy);
        }
    }
}
