package org.ztp.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ztp completion}. */
@Command(name = "completion", description = "Print a completion script for bash and zsh: source <(ztp completion)",
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        command.commandLine().getOut().print(AutoComplete.bash("ztp", command.root().commandLine()));
        command.commandLine().getOut().flush();
    }
}
