/**
 * The command line: {@code ztp COMMAND}. Results go to stdout, progress and messages to stderr; what goes wrong is one
 * line and a hint, with an exit code of {@link org.ztp.cli.Exit}. Other modules add commands as
 * {@link org.ztp.cli.CommandProvider}.
 */
package org.ztp.cli;
