package org.ztp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ztp.config.Similar;
import org.ztp.storage.StorageException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what ends a command into lines on stderr and an exit code. */
final class Failures implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {
    @Override
    public int handleParseException(final ParameterException wrong, final String[] arguments) {
        final CommandLine command = wrong.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        String hint = name + " --help";
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            final var words = command.getSubcommands().keySet();
            hint = Similar.to(unmatched.getUnmatched().get(0), words)
                .map(meant -> "did you mean: " + name + " " + meant).orElse(hint);
        }
        return tell(command.getErr(), Exit.USAGE, oneLine(wrong.getMessage()), hint);
    }

    @Override
    public int handleExecutionException(final Exception failure, final CommandLine command, final ParseResult parsed) {
        if (failure instanceof CommandException expected) {
            return tell(command.getErr(), expected.exit(), Printable.of(expected.getMessage()), expected.hint().isEmpty()
                ? hint(expected.exit(), command) : Printable.of(expected.hint()));
        }
        if (failure instanceof IOException environment) {
            return tell(command.getErr(), Exit.USAGE, describe(environment), "check the path, and who may use it");
        }
        if (failure instanceof StorageException disk && disk.kind() != StorageException.Kind.CORRUPT) {
            return tell(command.getErr(), Exit.UNAVAILABLE, oneLine(String.valueOf(disk.getMessage())),
                "is there room on that disk, and does it work? ztp doctor looks at both");
        }
        return tell(command.getErr(), Exit.UNEXPECTED, "unexpected: " + failure, keepLog(failure));
    }

    /** For what says itself what is the matter. */
    private static String hint(final Exit exit, final CommandLine command) {
        return switch (exit) {
            case UNAVAILABLE -> "ztp status tells how the replicas are; nothing was lost, try again";
            case UNVERIFIED -> "ztp verify tells what is wrong";
            default -> command.getCommandSpec().qualifiedName() + " --help";
        };
    }

    /** What is the matter with a file, for people. */
    static String describe(final IOException failure) {
        final String kind = switch (failure.getClass().getSimpleName()) {
            case "NoSuchFileException", "FileNotFoundException" -> "no such file: ";
            case "FileAlreadyExistsException" -> "exists already: ";
            case "AccessDeniedException" -> "no permission: ";
            case "DirectoryNotEmptyException" -> "not empty: ";
            default -> "";
        };
        return kind + oneLine(String.valueOf(failure.getMessage()));
    }

    /** Prints what is the matter, and what to do about it if that is not empty; gives the exit code. */
    static int tell(final PrintWriter err, final Exit exit, final String message, final String hint) {
        err.println("ztp: " + message);
        if (!hint.isEmpty()) {
            err.println("hint: " + hint);
        }
        err.flush();
        return exit.code();
    }

    private static String keepLog(final Exception failure) {
        final StringWriter trace = new StringWriter();
        trace.write("ztp " + Program.version() + ", Java " + System.getProperty("java.version") + "\n");
        failure.printStackTrace(new PrintWriter(trace));
        try {
            final Path log = Files.createTempFile("ztp-", ".log");
            Files.writeString(log, trace.toString());
            return "this is a bug; please report it, with " + log + ", where you got ztp from (see README.md)";
        } catch (final IOException noRoom) {
            return "this is a bug; please report it with these lines (no log could be kept: " + noRoom + ")\n" + trace;
        }
    }

    private static String oneLine(final String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
