package org.ztp.slurm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a test bed could leave on the machine.
 *
 * @param processes  those whose command line or environment names the test bed's directory: id and command line
 * @param interfaces names of the machine's network interfaces
 * @param mounts     of the machine, one a line
 */
record Traces(Set<String> processes, Set<String> interfaces, Set<String> mounts) {
    /** What there is now. */
    static Traces of(final Path directory) throws IOException {
        try (Stream<Path> interfaces = Files.list(Path.of("/sys/class/net"));
             Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return new Traces(processes(directory.toString()),
                interfaces.map(path -> path.getFileName().toString()).collect(Collectors.toSet()),
                mounts.collect(Collectors.toSet()));
        }
    }

    private static Set<String> processes(final String directory) throws IOException {
        final Set<String> found = new TreeSet<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (final Path process : processes.toList()) {
                if (!process.getFileName().toString().matches("[0-9]+")) {
                    continue;
                }
                final String line = read(process.resolve("cmdline"));
                if (line.contains(directory) || read(process.resolve("environ")).contains(directory)) {
                    found.add(process.getFileName() + " " + line.replace('\0', ' '));
                }
            }
        }
        return found;
    }

    /** Empty when the process has ended meanwhile, is a zombie, or is somebody else's. */
    private static String read(final Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (final IOException gone) {
            return "";
        }
    }
}
