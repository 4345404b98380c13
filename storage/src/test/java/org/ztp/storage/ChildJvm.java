package org.ztp.storage;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path. */
public final class ChildJvm {
    /**
     * How it ended.
     *
     * @param exit   its exit code
     * @param output what it printed
     */
    public record Result(int exit, String output) {
    }

    private ChildJvm() {
    }

    /** Runs a main class to its end. */
    public static Result run(final Class<?> main, final String... arguments) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
