package org.ztp.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ranks must not outlive {@code ztp launch}: when that is gone without having ended them, they end themselves, as by
 * SIGTERM, and then mpirun, which may not end by itself. Works where the ranks are on the launcher's host; elsewhere
 * srun does it.
 */
public final class LauncherWatch {
    /** Tells a rank the launcher's process id. */
    public static final String PROPERTY = "ztp.launcher";
    /** What mpirun is in Open MPI 4 and 5. */
    private static final List<String> PROGRAMS = List.of("orterun", "mpirun", "prterun");

    private LauncherWatch() {
    }

    /**
     * Watches the launcher that this process was told of, if it was. One that is gone already was killed while the ranks came
     * together.
     *
     * @param end ends this process in order
     */
    static void start(final Consumer<String> say, final Runnable end) {
        if (Long.getLong(PROPERTY) != null) {
            final Thread watch = new Thread(() -> {
                launcher().ifPresent(launcher -> launcher.onExit().join());
                say.accept("the launcher is gone");
                end.run();
            }, "ztp-launcher");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static Optional<ProcessHandle> launcher() {
        return Optional.ofNullable(Long.getLong(PROPERTY)).flatMap(ProcessHandle::of);
    }

    /** Ends what started this rank, if it was left alone by the launcher that should have ended it. */
    static void endLauncherLeftAlone() {
        if (Long.getLong(PROPERTY) != null && launcher().isEmpty()) {
            ProcessHandle.current().parent().filter(parent -> PROGRAMS.stream().anyMatch(
                parent.info().command().orElse("")::contains)).ifPresent(ProcessHandle::destroy);
        }
    }
}
