package org.ztp.release;

import java.util.Optional;
import java.util.TreeMap;

/**
 * What members' ledgers say against a release. One that f + 1 members hold for denied or closed is: one of them is
 * honest.
 */
final class Verdicts {
    private final TreeMap<Integer, Standing.Reason> byReplica = new TreeMap<>();
    private final Desk desk;

    Verdicts(final Desk desk) {
        this.desk = desk;
    }

    /** Notes what a member says; the verdict if it is one now. */
    Optional<Standing.Reason> note(final int from, final Standing.Reason reason) {
        if (!reason.isVerdict()) {
            return Optional.empty();
        }
        byReplica.put(from, reason);
        return byReplica.size() > desk.group.faults() ? Optional.of(reason) : Optional.empty();
    }

    /** For people. */
    String text() {
        return "by the ledgers of " + byReplica.size() + " replicas";
    }
}
