package org.ztp.mpi;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line in which a rank says how it stands, as {@code ztp start} prints it; a rank prints other lines too.
 *
 * @param word what it says
 * @param rank the rank, 0 .. 65535
 * @param pid its process, if it has JOINED or is READY
 * @param node its node in a job of Slurm, if it has JOINED or is READY; empty if it does not tell
 * @param role what it runs, if it says that
 */
record RankLine(Word word, int rank, long pid, String node, Optional<Role> role) {
    private static final Pattern LINE = Pattern.compile("(joined|ready|stopping|stopped|not stopped in order) dir=.*"
        + " rank=([0-9]{1,5})(?: pid=([0-9]{1,18}))?(?: node=(\\S+))?");
    private static final Pattern ROLE = Pattern.compile("(?:.* )?replica=([0-9]{1,5}) incarnation=([0-9]{1,9})"
        + " rank=([0-9]{1,5}) pid=([0-9]{1,18}).*");

    /** What ranks say. */
    enum Word {
        /** MPI has brought all together; from now on it may have something to hand over. */
        JOINED,
        /** It serves, or it is a spare that could. */
        READY,
        /** It takes nothing more in, and hands over; said again and again. */
        STOPPING,
        /** It has ended in order. */
        STOPPED,
        /** It ends, and what it had to hand over is not handed over. */
        FAILED,
        /** A spare goes on with a role. */
        TAKES_OVER
    }

    /** What a rank runs. */
    record Role(int replica, int incarnation) { }

    /** Reads a line; empty if it is another. */
    static Optional<RankLine> of(final String line) {
        final Matcher role = ROLE.matcher(line);
        final Optional<Role> runs = role.matches()
            ? Optional.of(new Role(Integer.parseInt(role.group(1)), Integer.parseInt(role.group(2)))) : Optional.empty();
        final Matcher told = LINE.matcher(line);
        if (!told.matches()) {
            return runs.map(one -> new RankLine(Word.TAKES_OVER, Integer.parseInt(role.group(3)),
                Long.parseLong(role.group(4)), "", runs));
        }
        final Word word = switch (told.group(1)) {
            case "joined" -> Word.JOINED;
            case "ready" -> Word.READY;
            case "stopping" -> Word.STOPPING;
            case "stopped" -> Word.STOPPED;
            default -> Word.FAILED;
        };
        return (word == Word.JOINED || word == Word.READY) && told.group(3) == null ? Optional.empty() : Optional.of(new RankLine(word,
            Integer.parseInt(told.group(2)), told.group(3) == null ? 0 : Long.parseLong(told.group(3)),
            told.group(4) == null ? "" : told.group(4), runs));
    }
}
