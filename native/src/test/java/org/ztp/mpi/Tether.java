package org.ztp.mpi;

import java.util.Optional;
import org.ztp.cli.Main;

/**
 * Processes that tests have started end when the tests' process is gone, however that ended: nobody else would end them.
 * As a program it is {@code ztp} with that.
 */
final class Tether {
    /** Tells a process that of the tests. */
    static final String TESTS = "ztp.tests";

    private Tether() {
    }

    public static void main(final String[] arguments) {
        tie(() -> System.exit(1));
        Main.main(arguments);
    }

    /** Ends this process as told when the tests are gone, if it was told of them. */
    static void tie(final Runnable end) {
        if (Long.getLong(TESTS) != null) {
            final Optional<ProcessHandle> tests = ProcessHandle.of(Long.getLong(TESTS));
            final Thread watch = new Thread(() -> {
                tests.ifPresent(one -> one.onExit().join());
                end.run();
            }, "ztp-tether");
            watch.setDaemon(true);
            watch.start();
        }
    }
}
