package org.ztp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.tuning.sweep.NewFiles;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands whose result is one or more files of the same name but for the extension. */
final class OutputFile {
    @Option(names = "--out", paramLabel = "NAME",
        description = "Name of the files to write, without extension (default: the command's name).")
    private Path name;
    @Option(names = "--replace", description = "Replace them if they exist.")
    private boolean replace;
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The file with an extension. */
    Path file(final String extension) {
        final Path stem = name == null ? Path.of(command.name()) : name;
        return stem.resolveSibling(stem.getFileName() + "." + extension);
    }

    /** Whether the files can be written; to be asked before any time is spent. */
    void check(final String... extensions) {
        for (final String extension : extensions) {
            final Path file = file(extension);
            final Path directory = file.toAbsolutePath().getParent();
            if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
                throw new CommandException(Exit.USAGE, directory + " is no directory that can be written to",
                    "name the result with --out NAME");
            }
            if (Files.exists(file) && !replace) {
                throw new CommandException(Exit.USAGE, file + " exists already",
                    "name another with --out, or say --replace");
            }
        }
    }

    /** Writes what each extension's file holds. */
    void write(final Map<String, String> texts) throws IOException {
        final Map<Path, String> files = new LinkedHashMap<>();
        texts.forEach((extension, text) -> files.put(file(extension), text));
        NewFiles.write(files, replace);
    }
}
