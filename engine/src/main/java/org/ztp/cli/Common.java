package org.ztp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has, and the output that they govern. */
public final class Common {
    @Option(names = "--dir", paramLabel = "DIR", description = "The cluster's directory (default: $ZTP_DIR, else ./ztp-cluster).")
    private Path directory;
    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;
    @Option(names = {"-q", "--quiet"}, description = "No messages, only results and errors.")
    private boolean quiet;
    @Option(names = {"-v", "--verbose"}, description = "More messages.")
    private boolean verbose;
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The cluster's directory, which need not exist. */
    public ClusterDirectory directory() {
        final String variable = System.getenv("ZTP_DIR");
        return new ClusterDirectory(directory != null ? directory
            : variable != null && !variable.isEmpty() ? Path.of(variable) : Path.of("ztp-cluster"));
    }

    /** The directory that was named on the command line. */
    public Optional<Path> givenDirectory() {
        return Optional.ofNullable(directory);
    }

    /** The genesis in the cluster's directory. */
    public Genesis genesis() {
        final ClusterDirectory cluster = cluster();
        try {
            return cluster.readGenesis();
        } catch (final IOException | GenesisException unusable) {
            throw new CommandException(Exit.USAGE, unusable.getMessage(),
                "copy genesis.conf from a node where it is as it was made");
        }
    }

    private ClusterDirectory cluster() {
        final ClusterDirectory cluster = directory();
        if (!Files.isRegularFile(cluster.genesisFile())) {
            throw new CommandException(Exit.USAGE, cluster.root() + " is no cluster's directory: genesis.conf is missing",
                "name it with --dir DIR or $ZTP_DIR, or make one with: ztp init --replicas 4");
        }
        return cluster;
    }

    /** The configuration in the cluster's directory, or in another file. */
    public Configuration configuration(final Path otherFile) {
        final Path file = otherFile != null ? otherFile : cluster().configurationFile();
        try {
            return Configuration.read(file);
        } catch (final ConfigurationException wrong) {
            throw new CommandException(Exit.USAGE, wrong.getMessage(),
                "all keys are explained in " + directory().configurationFile() + " and CONFIGURATION.md");
        }
    }

    /** Whether results are printed as JSON. */
    public boolean isJson() {
        return json;
    }

    /** Whether progress bars may be drawn: stderr is a terminal, and nobody asked for silence. */
    public boolean isInteractive() {
        return !quiet && System.console() != null && System.getenv("TERM") != null;
    }

    /**
     * Prints the result: as JSON, or as text. One that stdout does not take is told on stderr: it may be all that names what
     * was done.
     */
    public void result(final Map<String, ?> document, final String text) {
        if (!line(json ? Json.of(document) : text)) {
            tell(text);
        }
    }

    /** Prints a line to stdout; false if that takes nothing any more, which the exit code will tell. */
    public boolean line(final String text) {
        final PrintWriter out = command.commandLine().getOut();
        out.println(text);
        return !out.checkError();
    }

    /** Tells, beside the result, how it goes on: on stdout, or on stderr where that has the one document of JSON. */
    public void further(final String text) {
        if (json) {
            say(text);
        } else {
            line(text);
        }
    }

    /** Tells something on stderr, unless asked to be quiet. */
    public void say(final String message) {
        if (!quiet) {
            tell(message);
        }
    }

    private void tell(final String message) {
        command.commandLine().getErr().println(message);
        command.commandLine().getErr().flush();
    }

    /** Tells on stderr why a process ends that ends by itself, asked to be quiet or not; the exit code for it. */
    public int error(final CommandException why) {
        return Failures.tell(command.commandLine().getErr(), why.exit(), why.getMessage(), why.hint());
    }

    /** Tells something on stderr if asked for more. */
    public void detail(final String message) {
        if (verbose) {
            say(message);
        }
    }
}
