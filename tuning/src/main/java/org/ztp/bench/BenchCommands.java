package org.ztp.bench;

import java.util.List;
import org.ztp.cli.CommandProvider;

/** Adds {@code ztp bench} and {@code ztp tune}. */
public final class BenchCommands implements CommandProvider {
    /** For the service loader. */
    public BenchCommands() {
    }

    @Override
    public List<Object> commands() {
        return List.of(new BenchCommand(), new TuneCommand());
    }
}
