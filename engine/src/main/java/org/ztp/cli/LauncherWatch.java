package org.ztp.cli;

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

    private LauncherWatch() {
    }

    /** Watches the launcher that this process was told of, if it is on this host. */
    static void start(final Consumer<String> say) {
        launcher().ifPresent(launcher -> {
            final Thread watch = new Thread(() -> {
                launcher.onExit().join();
                say.accept("the launcher is gone");
                System.exit(Exit.DONE.code());
            }, "ztp-launcher");
            watch.setDaemon(true);
            watch.start();
        });
    }

    private static Optional<ProcessHandle> launcher() {
        return Optional.ofNullable(Long.getLong(PROPERTY)).flatMap(ProcessHandle::of);
    }

    /** Ends what started this rank, if it was left alone by the launcher that should have ended it. */
    static void endLauncherLeftAlone() {
        if (Long.getLong(PROPERTY) != null && launcher().isEmpty()) {
            ProcessHandle.current().parent().filter(parent -> parent.info().command().orElse("").contains("orterun")
                || parent.info().command().orElse("").contains("mpirun")).ifPresent(ProcessHandle::destroy);
        }
    }
}
