package org.ztp.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {
    private Main() {
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(final String[] arguments) {
        final Results results = new Results(new FileOutputStream(FileDescriptor.out));
        final CommandLine program = Program.commandLine().setOut(results);
        System.exit(results.end(program.execute(arguments), program.getErr()));
    }
}
