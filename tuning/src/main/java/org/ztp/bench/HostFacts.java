package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine that figures come from. */
final class HostFacts {
    private HostFacts() {
    }

    /** Cores, processor, memory, kernel, JDK, and the file system of a directory. */
    static Map<String, Object> of(final Path directory) throws IOException {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("cpu", value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch")));
        facts.put("memoryBytes", value(Path.of("/proc/meminfo"), "MemTotal")
            .map(text -> Long.parseLong(text.split(" ")[0]) << 10).orElse(0L));
        facts.put("heapBytes", Runtime.getRuntime().maxMemory());
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("directory", directory.toAbsolutePath().toString());
        facts.put("fileSystem", Files.getFileStore(directory).type());
        return facts;
    }

    /** The value of the first line {@code key : value} of a file; empty if there is none. */
    private static Optional<String> value(final Path file, final String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (final IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }
}
