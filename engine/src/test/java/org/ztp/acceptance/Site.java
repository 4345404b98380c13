package org.ztp.acceptance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ztp.cli.Program;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.wire.Hash;
import picocli.CommandLine;

/** A directory with a cluster of four replicas, keys of users, and the processes that a test starts around it. */
final class Site {
    private final Path directory;
    private final Path cluster;
    private final List<String> prefix;
    private final List<Command> commands = new ArrayList<>();

    /** With the cluster in the directory itself; nothing is made yet. */
    Site(final Path directory) {
        this(directory, directory.resolve("cluster"), List.of());
    }

    /**
     * With the cluster elsewhere.
     *
     * @param prefix words before each command, such as a wrapper
     */
    Site(final Path directory, final Path cluster, final List<String> prefix) {
        this.directory = directory;
        this.cluster = cluster;
        this.prefix = prefix;
    }

    /** Makes the cluster. */
    Site init() throws Exception {
        final Object[] init = {"init", "--replicas", 4};
        (prefix.isEmpty() ? inProcess(init) : run(init)).expect(0);
        return this;
    }

    /** Makes keys of users. */
    Site keys(final String... users) {
        for (final String user : users) {
            inProcess("keygen", file(user)).expect(0);
        }
        return this;
    }

    Path cluster() {
        return cluster;
    }

    Path file(final String name) {
        return directory.resolve(name);
    }

    /** A file of bytes that come from a seed. */
    Path randomFile(final String name, final int bytes, final long seed) throws IOException {
        final byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(file(name), content);
    }

    /** A file of numbered lines. */
    Path lines(final String name, final int count) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("measurement ").append(i).append('\n');
        }
        return Files.writeString(file(name), text);
    }

    /** Starts a command about this cluster. */
    Command start(final Object... words) throws IOException {
        return start(List.of(), words);
    }

    /** The same with further options for its JVM. */
    Command start(final List<String> options, final Object... words) throws IOException {
        final Command command = Command.start(prefix, options, about(words),
            file("." + commands.size() + "-" + words[0]));
        commands.add(command);
        return command;
    }

    /** Runs a command about this cluster to its end. */
    Ended run(final Object... words) throws IOException, InterruptedException {
        return start(words).await();
    }

    /** Runs a command in this process: where many are run of which others had processes of their own. */
    Ended inProcess(final Object... words) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final CommandLine line = Program.commandLine().setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
        final List<String> all = about(words);
        final int exit = line.execute(all.toArray(String[]::new));
        return new Ended("ztp " + String.join(" ", all), exit, out.toString(), err.toString());
    }

    /** Starts the service and waits until it serves. */
    Command service(final Object... options) throws IOException {
        final List<Object> words = new ArrayList<>(List.of("start"));
        words.addAll(List.of(options));
        return start(words.toArray()).awaitLine("ready ");
    }

    private List<String> about(final Object... words) {
        final List<String> all = new ArrayList<>();
        for (final Object word : words) {
            all.add(word.toString());
        }
        if (!all.get(0).equals("keygen") && !all.contains("--dir")) {
            all.addAll(List.of("--dir", cluster.toString()));
        }
        return all;
    }

    /** Where the service and its clients meet, as anybody can compute it. */
    Path meetingPlace() throws IOException {
        return Path.of("/dev/shm", "ztp-" + Files.getAttribute(cluster, "unix:uid") + meetingSuffix());
    }

    private String meetingSuffix() throws IOException {
        final Path real = cluster.getParent().toRealPath().resolve(cluster.getFileName());
        final byte[] hash = Hash.sha256(real.toString().getBytes(StandardCharsets.UTF_8)).toBytes();
        return "-" + HexFormat.of().formatHex(hash, 0, 8);
    }

    /** The files below a directory, in their order; none if it is not there. */
    static List<Path> filesBelow(final Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Ends all processes and removes what they left in shared memory. */
    void close() throws IOException, InterruptedException {
        for (final Command command : commands) {
            command.kill();
        }
        final String suffix = meetingSuffix();
        try (Stream<Path> places = Files.list(Path.of("/dev/shm"))) {
            for (final Path place : places.filter(each -> each.toString().endsWith(suffix)).toList()) {
                DirectoryTree.delete(place);
            }
        }
    }
}
