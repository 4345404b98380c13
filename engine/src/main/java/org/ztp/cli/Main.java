package org.ztp.cli;

/** Where the program starts. */
public final class Main {
    private Main() {
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(final String[] arguments) {
        System.exit(Program.commandLine().execute(arguments));
    }
}
