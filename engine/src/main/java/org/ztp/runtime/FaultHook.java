package org.ztp.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one place that every kind of trouble reports to. Keeps the last reports and a count of each kind; what follows
 * from them (exclusion, another view, another set of shares) is decided by who asks. Any thread.
 */
public final class FaultHook {
    private static final int KEPT = 256;
    private static final String CLIENT = "CLIENT_LET_GO";

    private final ArrayDeque<Report> last = new ArrayDeque<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final PlannedFaults planned;

    /**
     * One report.
     *
     * @param atMillis when, milliseconds since 1970
     * @param reporter replica that noticed it, -1 for the node
     * @param about replica that it is about, -1 for the node
     * @param kind kind of trouble
     * @param detail for people
     */
    public record Report(long atMillis, int reporter, int about, String kind, String detail) { }

    /** A hook without planned trouble. */
    public FaultHook() {
        this(PlannedFaults.none());
    }

    FaultHook(final PlannedFaults planned) {
        this.planned = planned;
    }

    /** The checkpoints at which tests let trouble come. */
    PlannedFaults planned() {
        return planned;
    }

    /** Takes a report in. */
    public synchronized void report(final int reporter, final int about, final String kind, final String detail) {
        counts.merge(kind, 1L, Long::sum);
        last.add(new Report(System.currentTimeMillis(), reporter, about, kind, detail));
        if (last.size() > KEPT) {
            last.remove();
        }
    }

    /**
     * Takes in what a client was let go for. Only the last of them is kept, since clients can make many, and what replicas
     * did must stay in sight.
     */
    public synchronized void reportClient(final String detail) {
        last.removeIf(report -> report.kind().equals(CLIENT));
        report(-1, -1, CLIENT, detail);
    }

    /** The last reports, oldest first. */
    public synchronized List<Report> reports() {
        return new ArrayList<>(last);
    }

    /** How often each kind was reported. */
    public synchronized Map<String, Long> counts() {
        return new HashMap<>(counts);
    }
}
