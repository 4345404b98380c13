package org.ztp.mpi;

import java.util.List;
import org.ztp.cli.CommandProvider;

/** The commands of this module; found by {@link java.util.ServiceLoader}. */
public final class MpiCommands implements CommandProvider {
    @Override
    public List<Object> commands() {
        return List.of(new LaunchCommand());
    }
}
