package org.ztp.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command of the program, run inside the demo.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it said, one line
 */
record DemoRun(int exit, String out, String err) {
    static DemoRun ztp(final Object... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        final int exit = Program.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(texts);
        return new DemoRun(exit, out.toString().strip(), err.toString().strip().replaceAll("\\R", "; "));
    }

    /** Ends the demo unless the command ended as it should. */
    DemoRun expect(final Exit expected) {
        if (exit != expected.code()) {
            throw new CommandException(Exit.UNVERIFIED, "exit code: expected=" + expected.code() + " actual=" + exit + ": "
                + err, "");
        }
        return this;
    }
}
