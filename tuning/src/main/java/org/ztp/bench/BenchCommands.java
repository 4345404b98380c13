package org.ztp.bench;

import java.util.List;
import org.ztp.cli.CommandProvider;
import picocli.CommandLine;

/** Adds {@code ztp bench} with its subcommands and {@code ztp tune}. */
public final class BenchCommands implements CommandProvider {
    /** For the service loader. */
    public BenchCommands() {
    }

    @Override
    public List<Object> commands() {
        return List.of(new CommandLine(new BenchCommand()).addSubcommand(
                new ScaleCommand(plan -> new BenchRun(plan, said -> { }).run().document()))
            .addSubcommand(new RestartCommand()).addSubcommand(new BlankCommand()), new TuneCommand());
    }
}
