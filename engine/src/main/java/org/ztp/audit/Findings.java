package org.ztp.audit;

import java.util.ArrayList;
import java.util.List;
import org.ztp.audit.Finding.Level;

/** Collects findings: all are counted, the first {@value #KEPT_MAX} of each level are kept. Owned by one thread. */
final class Findings {
    static final int KEPT_MAX = 1_000;

    private final List<Finding> faults = new ArrayList<>();
    private final List<Finding> notes = new ArrayList<>();
    private long faultCount;
    private long noteCount;

    void fault(final String file, final long offset, final long height, final String reason) {
        add(new Finding(Level.FAULT, file, offset, height, "", reason));
    }

    void fault(final String file, final String reason) {
        fault(file, 0, Finding.NO_HEIGHT, reason);
    }

    void note(final String file, final String reason) {
        add(new Finding(Level.NOTE, file, 0, Finding.NO_HEIGHT, "", reason));
    }

    void add(final Finding finding) {
        final boolean fault = finding.level() == Level.FAULT;
        final List<Finding> list = fault ? faults : notes;
        if (list.size() < KEPT_MAX) {
            list.add(finding);
        }
        faultCount += fault ? 1 : 0;
        noteCount += fault ? 0 : 1;
    }

    /** Takes what an audit of a store in a directory or file had to say. */
    void addAll(final String prefix, final List<org.ztp.storage.Finding> stored) {
        for (final org.ztp.storage.Finding one : stored) {
            add(new Finding(one.isError() ? Level.FAULT : Level.NOTE, prefix + one.file(), one.offset(),
                Finding.NO_HEIGHT, "", one.reason()));
        }
    }

    List<Finding> faults() {
        return List.copyOf(faults);
    }

    List<Finding> notes() {
        return List.copyOf(notes);
    }

    long faultCount() {
        return faultCount;
    }

    long noteCount() {
        return noteCount;
    }
}
