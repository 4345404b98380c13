package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ztp manual}. */
@Command(name = "manual", mixinStandardHelpOptions = true,
    description = "Write a manual page for each command of this installation, those of other modules too.")
final class ManualCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Spec
    private CommandSpec command;
    @Parameters(paramLabel = "DIRECTORY", description = "Where: man1 below it is made; read them with man -M DIRECTORY.")
    private Path directory;

    @Override
    public Integer call() {
        final Map<String, String> pages = ManualPage.all(command.root());
        try {
            final Path section = Files.createDirectories(directory.resolve("man1"));
            for (final Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(section.resolve(page.getKey()), page.getValue());
            }
        } catch (final IOException unwritable) {
            throw new CommandException(Exit.USAGE, Failures.describe(unwritable), "choose another directory");
        }
        common.result(Map.of("pages", pages.size()), pages.size() + " pages in " + directory.resolve("man1"));
        return Exit.DONE.code();
    }
}
