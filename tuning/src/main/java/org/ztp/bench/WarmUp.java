package org.ztp.bench;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ztp.tuning.Tally;

/**
 * When a service is warm: not as long as a further interval makes it faster by more than 3 %, or more than 4 % of its
 * processor time goes into compiling, but after {@value #MOST_INTERVALS} intervals whatever comes.
 */
final class WarmUp {
    private static final long SECOND_NS = 1_000_000_000L;
    static final int MOST_INTERVALS = 12;
    private static final double FASTER = 1.03;
    private static final double COMPILING = 0.04;

    private int intervals;
    private long before;
    private boolean cold = true;

    /**
     * Lets a load run on until what it loads is warm.
     *
     * @param seconds length of an interval; with 0 it does nothing
     * @param tally of the load
     * @param times of all processes that serve
     * @param progress told what is done at the moment
     */
    static void run(final int seconds, final Tally tally, final Supplier<ProcessTimes> times, final Consumer<String> progress) {
        if (seconds > 0) {
            progress.accept("warming up until little is compiled, " + MOST_INTERVALS * seconds + " s at most");
            if (!times.get().isTold()) {
                progress.accept("the kernel does not tell the times of threads (schedstat): how much is compiled is not known");
            }
        }
        final WarmUp further = new WarmUp();
        while (seconds > 0 && further.goesOn()) {
            final long transactions = tally.transactions();
            final ProcessTimes used = times.get();
            BenchRun.pause(seconds * SECOND_NS);
            further.interval(tally.transactions() - transactions, times.get().since(used).compilerShare());
        }
    }

    /** Whether a further interval is needed. */
    boolean goesOn() {
        return cold && intervals < MOST_INTERVALS;
    }

    /**
     * An interval is over.
     *
     * @param transactions that became final in it
     * @param compilerShare part of its processor time that was compiling, 0 .. 1; NaN if that is not known
     */
    void interval(final long transactions, final double compilerShare) {
        cold = transactions > FASTER * before || compilerShare > COMPILING;
        before = transactions;
        intervals++;
    }
}
