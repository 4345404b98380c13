package org.ztp.bench;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ztp.tuning.Tally;

/** A stretch of time under load: counts from where it was opened. */
final class LoadWindow {
    private final Tally tally;
    private final ServiceView service;
    private final List<Long> finalBefore;
    private final long transactionsBefore;
    private final ProcessTimes timesBefore;
    private final long startNs;

    /**
     * What was counted.
     *
     * @param nanos length of the window
     * @param transactions transactions that clients were told of as final
     * @param bySubCluster transactions that became final in each sub-cluster
     * @param longestPauseNs longest time in which clients were told of none, nanoseconds
     * @param times processor time of the whole process, its clients included
     */
    record Figures(long nanos, long transactions, List<Long> bySubCluster, long longestPauseNs, ProcessTimes times) {
        /** Transactions a second. */
        double perSecond() {
            return transactions * 1e9 / nanos;
        }

        /** Processor time of the whole process for a transaction, microseconds. */
        double cpuMicros() {
            return transactions == 0 ? 0 : times.cpuNs() / 1e3 / transactions;
        }

        /** Transactions a second of each sub-cluster. */
        List<Double> perSecondEach() {
            return bySubCluster.stream().map(count -> count * 1e9 / nanos).toList();
        }
    }

    /** Opens a window; pauses are counted anew. */
    LoadWindow(final Tally tally, final ServiceView service) {
        this(tally, service, () -> { });
    }

    /** Opens a window when something was done; pauses count from before that, since one may be over when it is done. */
    LoadWindow(final Tally tally, final ServiceView service, final Runnable first) {
        this.tally = tally;
        this.service = service;
        tally.takeLongestPauseNs();
        first.run();
        finalBefore = eachFinal();
        transactionsBefore = tally.transactions();
        timesBefore = times();
        startNs = System.nanoTime();
    }

    /** When it was opened. */
    long startNs() {
        return startNs;
    }

    /** What was counted so far; the pauses are those since the last call. */
    Figures read() {
        final long transactions = tally.transactions() - transactionsBefore;
        final long nanos = System.nanoTime() - startNs;
        final ProcessTimes times = times().since(timesBefore);
        final List<Long> each = eachFinal();
        for (int i = 0; i < each.size(); i++) {
            each.set(i, each.get(i) - finalBefore.get(i));
        }
        return new Figures(nanos, transactions, each, tally.takeLongestPauseNs(), times);
    }

    /** Processor time of this process so far. */
    static ProcessTimes times() {
        return ProcessTimes.of(Stream.of(ProcessHandle.current()));
    }

    private List<Long> eachFinal() {
        final List<Long> each = new ArrayList<>();
        for (final Config subCluster : service.subClusters()) {
            each.add(subCluster.getLong("transactionsSinceStart"));
        }
        return each;
    }
}
