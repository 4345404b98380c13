package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.ztp.client.ShellWord;

/** A command of the program that runs in a process of its own, started as {@code engine/bin/ztp} starts it. */
final class Command {
    private static final int LIMIT_SECONDS = 60;
    private static final List<String> JVM = List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-opens", "java.base/java.util.zip=ALL-UNNAMED", "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dfile.encoding=UTF-8", "-Xlog:disable", "-Xlog:all=error:stderr");

    private final String words;
    private final Process process;
    private final Path out;
    private final Path err;

    private Command(final String words, final Process process, final Path out, final Path err) {
        this.words = words;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it.
     *
     * @param prefix words before those that start the JVM, such as a wrapper
     * @param options further options for the JVM
     * @param words the command's own
     * @param files without suffix, where its output goes
     */
    static Command start(final List<String> prefix, final List<String> options, final List<String> words,
                         final Path files) throws IOException {
        final List<String> line = new ArrayList<>(prefix);
        line.addAll(jvm());
        line.addAll(switch (words.get(0)) {
            case "start", "demo", "bench", "tune", "simulate", "verify" -> List.of("-XX:+UseParallelGC");
            case "publish", "request" -> List.of("-XX:+UseSerialGC");
            default -> List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        });
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.ztp.cli.Main"));
        line.addAll(words);
        final Path out = Path.of(files + ".out");
        final Path err = Path.of(files + ".err");
        final ProcessBuilder builder = new ProcessBuilder(line).redirectOutput(out.toFile())
            .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ZTP_") || name.startsWith("SLURM_")
            || name.equals("JAVA_TOOL_OPTIONS") || name.equals("JDK_JAVA_OPTIONS"));
        return new Command("ztp " + String.join(" ", words), builder.start(), out, err);
    }

    private static List<String> jvm() {
        final List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(JVM);
        if (Runtime.version().feature() >= 24) {
            words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        return words;
    }

    /** Writes a script that is the program, whatever command it is given. */
    static void writeScript(final Path file, final String classPath) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\nexec " + String.join(" ", jvm()) + " -cp " + ShellWord.of(classPath)
            + " org.ztp.cli.Main \"$@\"\n");
        assertTrue(file.toFile().setExecutable(true, false));
    }

    /** Runs a shell's script to its end in a directory, which is that of temporary files, too; what it says. */
    static String runShell(final Path directory, final String script) throws IOException, InterruptedException {
        final Path said = directory.resolve("said");
        final ProcessBuilder shell = new ProcessBuilder("timeout", "200", "bash", "-eu", "-c", script)
            .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("ZTP_") || name.startsWith("SLURM_"));
        shell.environment().put("TMPDIR", directory.toString());
        final Process process = shell.start();
        assertTrue(process.waitFor(230, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), read(said));
        return read(said);
    }

    /** Waits until it prints a line that begins so. */
    Command awaitLine(final String beginning) {
        Awaitility.await(words).atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(() ->
            !process.isAlive() || read(out).lines().anyMatch(line -> line.startsWith(beginning)));
        assertTrue(process.isAlive(), () -> words + " ended: " + read(err));
        return this;
    }

    /** Waits until it ends. */
    Ended await() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            fail(words + " does not end; stdout: " + Ended.tail(read(out)) + " stderr: " + Ended.tail(read(err)));
        }
        return new Ended(words, process.exitValue(), read(out), read(err));
    }

    /** SIGKILL. */
    Ended kill() throws InterruptedException {
        process.destroyForcibly();
        return await();
    }

    /** SIGTERM. */
    Ended terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    /** What it has said so far. */
    String err() {
        return read(err);
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (final IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
