package org.ztp.cli;

/**
 * One thing that was looked at.
 *
 * @param what name of it
 * @param level how it is
 * @param detail what was found, one line
 * @param hint what to mend and how; empty if nothing
 */
record Finding(String what, Level level, String detail, String hint) {
    /** How a thing is. */
    enum Level {
        /** As it should be. */
        OK,
        /** Not there, and not needed by all. */
        NOTE,
        /** It works, not well. */
        WARN,
        /** It does not work. */
        FAIL
    }
}
