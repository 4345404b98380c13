package org.ztp.cli;

import org.ztp.privacy.SharingException;

/** Turns what keeps sharing from going on into the end of a command. */
final class SharingFailures {
    private SharingFailures() {
    }

    /** The end of the command. */
    static CommandException end(final SharingException failure) {
        final Exit exit = switch (failure.kind()) {
            case BAD_INPUT -> Exit.USAGE;
            case NO_SPACE, IO -> Exit.UNAVAILABLE;
            case CORRUPT -> Exit.UNVERIFIED;
        };
        return new CommandException(exit, failure.getMessage(), failure.hint());
    }
}
