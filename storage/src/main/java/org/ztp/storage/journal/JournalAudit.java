package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ztp.storage.Finding;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Checks a journal that nobody has open, and changes nothing. It reads every byte of every segment: headers, records,
 * padding, seals, and the zeros after the last record; so no byte can be changed without a finding.
 */
public final class JournalAudit {
    /** An audit says no more than this; a journal with more faults has the last finding say so. */
    public static final int FINDINGS_MAX = 1000;

    private static final String UNFINISHED = "the last write did not finish: ";

    private final Disk disk;
    private final byte[] tag;
    private final JournalVisitor visitor;
    private final SegmentScanner scanner;
    private final List<Finding> findings = new ArrayList<>();

    private JournalAudit(final Disk disk, final byte[] tag, final JournalVisitor visitor) {
        this.disk = disk;
        this.tag = tag;
        this.visitor = visitor;
        scanner = new SegmentScanner(disk);
    }

    /**
     * Runs an audit.
     *
     * @param disk    the journal's directory
     * @param tag     the 32 bytes that each segment must have
     * @param visitor is given each valid record in order, also those after damage
     * @return what was found, empty when all is well, in the order of files and offsets
     */
    public static List<Finding> run(final Disk disk, final byte[] tag, final JournalVisitor visitor) {
        final JournalAudit audit = new JournalAudit(disk, tag.clone(), visitor);
        audit.checkNames();
        audit.checkSegments();
        return List.copyOf(audit.findings);
    }

    private void checkNames() {
        for (final Disk.Entry entry : disk.list("")) {
            if (entry.directory() && entry.name().matches(Quarantine.PREFIX + "[1-9][0-9]*")) {
                report(Finding.Kind.NOTE, entry.name(), 0, "segments that an earlier opening put aside");
            } else if (entry.directory() || SegmentFormat.base(entry.name()) < 0) {
                report(Finding.Kind.FOREIGN, entry.name(), 0, "not a file of the journal");
            }
        }
    }

    private void checkSegments() {
        final List<Long> bases = Recovery.bases(disk);
        long expected = Journal.START;
        for (int i = 0; i < bases.size(); i++) {
            final long base = bases.get(i);
            final String name = SegmentFormat.name(base);
            if (base != expected) {
                report(Finding.Kind.MISSING, name, 0, "segment base: expected=" + expected + " actual=" + base);
            }
            try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
                expected = base + checkSegment(file, base, name, i == bases.size() - 1);
            }
        }
        if (bases.isEmpty()) {
            report(Finding.Kind.MISSING, SegmentFormat.name(Journal.START), 0, "no segment at all");
        }
    }

    /** Returns the offset at which the segment ends. */
    private long checkSegment(final DiskFile file, final long base, final String name, final boolean last) {
        scanner.start(file, base);
        if (last && scanner.firstNonZero(0) < 0) {
            report(Finding.Kind.NOTE, name, 0, "a segment that was being created");
            return scanner.fileSize();
        }
        checkHeader(base, name);
        boolean damaged = false;
        SegmentScanner.Step step = visitRecords(base);
        while (step == SegmentScanner.Step.BAD) {
            final long offset = scanner.offset();
            final String reason = scanner.reason();
            damaged = true;
            final boolean torn = last && isTorn(base, offset);
            report(torn ? Finding.Kind.TORN_TAIL : Finding.Kind.CORRUPT, name, offset, torn ? UNFINISHED + reason : reason);
            if (torn || !scanner.search(offset + RecordFormat.ALIGNMENT, 0)) {
                return scanner.fileSize();
            }
            step = visitRecords(base);
        }
        final boolean sealed = step == SegmentScanner.Step.SEAL;
        final long end = sealed ? scanner.nextOffset() : scanner.offset();
        final long stray = scanner.firstNonZero(end);
        if (stray >= 0) {
            final boolean torn = last && !sealed && isTorn(base, end);
            report(torn ? Finding.Kind.TORN_TAIL : Finding.Kind.CORRUPT, name, stray, (torn ? UNFINISHED : "")
                + "bytes after the end of the records");
        }
        if (!sealed && !last && !damaged) {
            report(Finding.Kind.CORRUPT, name, end, "sealed segment is cut short");
        }
        return end;
    }

    /** Whether the owner will cut there, since nothing shows that it was committed; and not since somebody has altered it. */
    private boolean isTorn(final long base, final long offset) {
        return !scanner.search(offset + RecordFormat.ALIGNMENT, base + offset + 1) && !scanner.isSearchExhausted()
            && scanner.isUnfinished(offset);
    }

    private void checkHeader(final long base, final String name) {
        final ByteBuffer header = scanner.header();
        final String fault = SegmentFormat.fault(header, base);
        if (!fault.isEmpty()) {
            report(Finding.Kind.CORRUPT, name, 0, fault);
        } else if (!Arrays.equals(SegmentFormat.tag(header), tag)) {
            report(Finding.Kind.FOREIGN, name, 0, "journal tag: expected=" + HexFormat.of().formatHex(tag)
                + " actual=" + HexFormat.of().formatHex(SegmentFormat.tag(header)));
        }
    }

    private SegmentScanner.Step visitRecords(final long base) {
        SegmentScanner.Step step = scanner.next();
        while (step == SegmentScanner.Step.RECORD) {
            visitor.onRecord(base + scanner.offset(), scanner.type(), scanner.buffer(), scanner.payloadOffset(),
                scanner.length());
            step = scanner.next();
        }
        return step;
    }

    private void report(final Finding.Kind kind, final String file, final long offset, final String reason) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(new Finding(kind, file, offset, reason));
        } else if (findings.size() == FINDINGS_MAX) {
            findings.add(new Finding(Finding.Kind.CORRUPT, file, offset, "more findings than an audit lists"));
        }
    }
}
