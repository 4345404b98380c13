package org.ztp.simulation;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The course of one simulation: its time, its chance, and what was told and counted of it. */
public final class Course {
    static final long START_MILLIS = 1_700_000_000_000L;
    /** What the JVM calls arrays and the like by, which differs from run to run. */
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{1,8}\\b");

    final long seed;
    final Random random;
    final Timeline timeline = new Timeline();
    final Map<String, Integer> counts = new TreeMap<>();
    private boolean healed;
    private Consumer<String> trace;

    Course(final long seed) {
        this.seed = seed;
        random = new Random(seed);
    }

    /** Whether everything but who lies is well from now on. */
    boolean isHealed() {
        return healed;
    }

    /** Nothing goes wrong any more, but that some lie. */
    void heal() {
        healed = true;
    }

    /** Has every step told, one line each. */
    public void traceTo(final Consumer<String> lines) {
        trace = lines;
    }

    /** Ends it after so many steps; what would have healed later is then not waited for. */
    public void stopAfter(final long steps) {
        timeline.stopAfter(steps);
    }

    /** How many steps it has taken. */
    public long steps() {
        return timeline.steps();
    }

    void trace(final int replica, final String does, final Object what) {
        if (trace != null) {
            final String told = IDENTITY.matcher(String.valueOf(what)).replaceAll("");
            trace.accept(String.format(Locale.ROOT, "%.6f r%d %s %s", timeline.nowNs() / 1e9, replica, does, told));
        }
    }

    void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void note(final String what, final long number) {
        counts.put(what, Math.toIntExact(number));
    }

    /** Whether something with this chance happens. */
    boolean chance(final int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** A time from now, at most so far. */
    long soonNs(final long atMostNs) {
        return timeline.nowNs() + (long) (random.nextDouble() * atMostNs);
    }
}
