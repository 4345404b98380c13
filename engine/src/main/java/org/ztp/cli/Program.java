package org.ztp.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** The program {@code ztp} with all of its commands. */
@Command(name = "ztp", versionProvider = Program.Version.class, mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "A permissioned ledger with zero-trust data sharing that lives inside an HPC allocation.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:Done.", "1:Unexpected: a bug of the program.", "2:Usage or bad input.",
        "3:Denied by the contract.", "4:No service, no quorum, or time-out; nothing was lost.", "5:Verification failed."},
    footer = {"", "Try it: ztp demo"},
    subcommands = {DemoCommand.class, InitCommand.class, KeygenCommand.class, StartCommand.class, StatusCommand.class, PublishCommand.class, RequestCommand.class,
        GrantCommand.class, RevokeCommand.class, ApproveCommand.class, RecordCommand.class, LogCommand.class,
        ReceiptCommand.class, VerifyReceiptCommand.class, VerifyCommand.class, RecoverCommand.class, SimulateCommand.class,
        DeclareEndedCommand.class, DoctorCommand.class, ManualCommand.class, CompletionCommand.class,
        HelpCommand.class})
public final class Program {
    /** Commands that use no cluster's directory. */
    private static final List<String> OF_NO_CLUSTER = List.of("demo", "keygen", "simulate", "manual", "verify-receipt");

    private Program() {
    }

    /** A command line with every command, those of other modules too. */
    public static CommandLine commandLine() {
        final CommandLine line = new CommandLine(new Program());
        for (final CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            provider.commands().forEach(line::addSubcommand);
        }
        OF_NO_CLUSTER.forEach(name -> hideDirectory(line.getSubcommands().get(name).getCommandSpec()));
        line.registerConverter(Path.class, Program::path);
        final Failures failures = new Failures();
        return line.setParameterExceptionHandler(failures).setExecutionExceptionHandler(failures)
            .setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpAutoWidth(true);
    }

    /** The option is taken like everywhere, and means nothing. */
    private static void hideDirectory(final CommandSpec command) {
        final OptionSpec directory = command.findOption("--dir");
        command.remove(directory);
        command.addOption(OptionSpec.builder(directory).hidden(true).build());
    }

    private static Path path(final String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("no file has the empty name");
        }
        if (text.indexOf('\uFFFD') >= 0) {
            throw new TypeConversionException("the name is not UTF-8, and cannot be told from another one");
        }
        return Path.of(text);
    }

    /** The version of this build. */
    static String version() {
        return Optional.ofNullable(Program.class.getPackage().getImplementationVersion()).orElse("(development)");
    }

    /** Tells the version to picocli. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ztp " + version()};
        }
    }
}
