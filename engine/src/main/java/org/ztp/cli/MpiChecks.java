package org.ztp.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ztp.cli.Finding.Level;

/** Looks at the Open MPI of this machine, as far as {@code ztp launch} needs it; changes nothing. */
final class MpiChecks {
    private static final int MAX_PROGRAM_S = 10;
    private static final Pattern VERSION = Pattern.compile("mpirun \\(Open MPI\\) ([0-9]+\\.[0-9]+)\\..*");
    private static final Pattern SEGMENTS = Pattern.compile("ztp-mpi-([0-9]{1,18})-.*");
    private static final List<String> ROOT = List.of("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM");
    private static final List<String> RANKS = List.of("OMPI_COMM_WORLD_RANK", "PMIX_RANK");
    private static final List<String> OF_A_RANK = List.of("UCX_ERROR_SIGNALS", "OMPI_MCA_opal_event_include");

    private final Map<String, String> environment;
    private final Path sharedMemory;

    /**
     * Checks.
     *
     * @param environment of this process
     * @param sharedMemory where ranks meet on one host
     */
    MpiChecks(final Map<String, String> environment, final Path sharedMemory) {
        this.environment = environment;
        this.sharedMemory = sharedMemory;
    }

    /** Everything that applies. */
    List<Finding> all() {
        final List<Finding> findings = new ArrayList<>();
        final Optional<Path> mpirun = mpirun();
        if (mpirun.isEmpty()) {
            findings.add(new Finding("mpi", Level.NOTE, "mpirun was not found: --transport local works without",
                "for several ranks: module load openmpi, set MPI_HOME, or let native/setup.sh install it"));
        } else {
            findings.add(version(mpirun.get()));
            findings.add(start(mpirun.get()));
            findings.add(library(mpirun.get()));
            findings.add(jar());
        }
        if (RANKS.stream().anyMatch(environment::containsKey)) {
            findings.add(ofARank());
        }
        leftOver().ifPresent(findings::add);
        return findings;
    }

    private Optional<Path> mpirun() {
        final String home = environment.getOrDefault("MPI_HOME", "");
        return Stream.concat(home.isEmpty() ? Stream.empty() : Stream.of(Path.of(home, "bin")),
                Stream.of(environment.getOrDefault("PATH", "").split(":")).filter(each -> !each.isEmpty()).map(Path::of))
            .map(each -> each.resolve("mpirun")).filter(Files::isExecutable).findFirst();
    }

    private Finding version(final Path mpirun) {
        final String said = run(List.of(mpirun.toString(), "--version")).text();
        final Matcher version = VERSION.matcher(said);
        final boolean fits = version.matches() && List.of("4.1", "5.0").contains(version.group(1));
        return new Finding("mpi", fits ? Level.OK : Level.FAIL, mpirun + ", " + said,
            fits ? "" : "use Open MPI 4.1 or 5.0: others have no Java bindings that fit; set MPI_HOME to it");
    }

    /** Whether mpirun can start a process at all. */
    private Finding start(final Path mpirun) {
        if ("root".equals(System.getProperty("user.name")) && !environment.keySet().containsAll(ROOT)) {
            return new Finding("mpi starts", Level.WARN, "mpirun refuses to run for root",
                "be another user, or: export " + String.join("=1 ", ROOT) + "=1");
        }
        final List<String> words = Stream.of(List.of(mpirun.toString()), OneHost.OPTIONS,
            List.of("-n", "1", "--oversubscribe", "true")).flatMap(List::stream).toList();
        final FirstLine ended = run(words);
        return ended.exit() == 0 ? new Finding("mpi starts", Level.OK, "mpirun starts processes", "")
            : new Finding("mpi starts", Level.FAIL, "mpirun cannot start a process: exit code " + ended.exit() + ", "
                + ended.text(), "try: " + String.join(" ", words));
    }

    private Finding library(final Path mpirun) {
        final Optional<Path> library = Stream.of(Stream.of(environment.getOrDefault("LD_LIBRARY_PATH", "").split(":")),
                Stream.of(prefix(mpirun) + "/lib", prefix(mpirun) + "/lib64", prefix(mpirun) + "/lib/openmpi"),
                Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu/openmpi/lib",
                    "/usr/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu/openmpi/lib", "/usr/lib64/openmpi/lib"))
            .flatMap(places -> places).filter(each -> !each.isEmpty()).map(each -> Path.of(each, "libmpi_java.so"))
            .filter(Files::exists).findFirst();
        return library.map(path -> new Finding("mpi for java", Level.OK, path.toString(), ""))
            .orElseGet(() -> new Finding("mpi for java", Level.WARN, "libmpi_java.so was not found",
                "build Open MPI with --enable-mpi-java; Debian: apt-get install libopenmpi-dev"));
    }

    private static String prefix(final Path mpirun) {
        try {
            return String.valueOf(mpirun.toRealPath().getParent().getParent());
        } catch (final IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private Finding jar() {
        final Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME",
            environment.getOrDefault("HOME", "/tmp") + "/.cache"), "ztp");
        final List<String> jars = new ArrayList<>();
        if (Files.isDirectory(cache)) {
            try (Stream<Path> files = Files.walk(cache, 2)) {
                files.filter(file -> file.endsWith("mpi.jar")).forEach(file -> jars.add(file.toString()));
            } catch (final IOException | UncheckedIOException unreadable) {
                return new Finding("mpi.jar", Level.WARN, cache + ": " + unreadable, "set XDG_CACHE_HOME");
            }
        }
        return new Finding("mpi.jar", jars.isEmpty() ? Level.NOTE : Level.OK, jars.isEmpty() ? "none in " + cache
            : String.join(", ", jars), jars.isEmpty() ? "native/setup.sh finds or builds it, and says what is wrong" : "");
    }

    /** This process runs in a rank's environment. */
    private Finding ofARank() {
        final List<String> missing = OF_A_RANK.stream().filter(each -> !environment.containsKey(each)).toList();
        return new Finding("mpi rank", missing.isEmpty() ? Level.OK : Level.FAIL, missing.isEmpty()
            ? "the environment is a rank's" : "not set: " + String.join(", ", missing),
            missing.isEmpty() ? "" : "source native/env.sh before mpirun or srun, or use ztp launch");
    }

    private Optional<Finding> leftOver() {
        try (Stream<Path> files = Files.list(sharedMemory)) {
            final List<String> left = files.map(file -> file.getFileName().toString()).filter(MpiChecks::isLeftOver)
                .sorted().toList();
            return left.isEmpty() ? Optional.empty() : Optional.of(new Finding("mpi segments", Level.NOTE,
                "left over in " + sharedMemory + ": " + String.join(", ", left), "the next ztp launch removes them"));
        } catch (final IOException unreadable) {
            return Optional.empty(); // told under shared memory
        }
    }

    private static boolean isLeftOver(final String name) {
        final Matcher named = SEGMENTS.matcher(name);
        return named.matches() && ProcessHandle.of(Long.parseLong(named.group(1))).isEmpty();
    }

    private static FirstLine run(final List<String> command) {
        return FirstLine.of(command, MAX_PROGRAM_S, line -> line.matches(".*\\w.*"), "which does not end");
    }
}
