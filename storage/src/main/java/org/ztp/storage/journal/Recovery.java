package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Opens a journal's files: one pass that checks, replays, and cuts at the first fault.
 *
 * <table>
 * <caption>Decisions, for the first fault in the order of positions</caption>
 * <tr><th>where</th><th>what</th><th>done</th></tr>
 * <tr><td>last segment</td><td>bad bytes; no valid record after them has a floor beyond them</td>
 *     <td>TORN_TAIL: cut</td></tr>
 * <tr><td>last segment</td><td>bad bytes, and such a record: they had been committed</td>
 *     <td>CORRUPT: quarantine, cut</td></tr>
 * <tr><td>another segment</td><td>bad bytes, no seal, or bytes after the seal</td>
 *     <td>CORRUPT: quarantine it and all that follow, cut</td></tr>
 * <tr><td>between segments</td><td>a base is not the end of the segment before</td>
 *     <td>CORRUPT: quarantine all that follow</td></tr>
 * <tr><td>any header</td><td>whole, but of another tag or version</td><td>refuse, touch nothing</td></tr>
 * <tr><td>last segment</td><td>nothing but zeros after its seal or for its header: a crash while a segment was
 *     sealed or created</td><td>CLEAN: finish that</td></tr>
 * </table>
 *
 * <p>A crash in the middle of a repair leaves a journal that the next opening repairs: what is cut is copied first, the
 * last segments move away first, the cut comes last.
 */
final class Recovery {
    private static final int PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final JournalOptions options;
    private final long from;
    private final JournalVisitor visitor;
    private final SegmentScanner scanner;
    private final Quarantine quarantine;
    private final List<Long> bases;
    private OpenReport report;
    private long records;
    /** Before this position everything was committed when the last record was written. */
    private long floor;

    /** Where the segment that was checked last ends, and whether by a seal. */
    private long tail;
    private boolean sealed;
    private String fault = "";

    Recovery(final Disk disk, final JournalOptions options, final long from, final JournalVisitor visitor) {
        this.disk = disk;
        this.options = options;
        this.from = from;
        this.visitor = visitor;
        scanner = new SegmentScanner(disk);
        quarantine = new Quarantine(disk, scanner);
        bases = new ArrayList<>(bases(disk));
    }

    /** The bases of all segments in a directory, ascending. */
    static List<Long> bases(final Disk disk) {
        return disk.list("").stream().filter(entry -> !entry.directory())
            .map(entry -> SegmentFormat.base(entry.name())).filter(base -> base >= 0).toList();
    }

    void run() {
        if (bases.isEmpty()) {
            create(Journal.START);
            report = new OpenReport(OpenReport.Outcome.CREATED, base() + tail, 0, "", "", "", 0);
            return;
        }
        int index = 0;
        long expected = Journal.START;
        while (index < bases.size() && fault.isEmpty()) {
            if (bases.get(index) != expected) {
                cutMissing(index, expected);
                return;
            }
            check(index);
            expected += tail;
            index++;
        }
        finish(index - 1);
    }

    private void check(final int index) {
        final long segment = bases.get(index);
        final boolean last = index == bases.size() - 1;
        try (DiskFile file = disk.open(SegmentFormat.name(segment), Disk.Mode.READ)) {
            scanner.start(file, segment);
            checkHeader(segment);
            if (fault.isEmpty() && (last || bases.get(index + 1) > from || !endsWithSeal(file, segment))) {
                scan(segment, last);
            }
            if (options.durability() == Durability.DISK) {
                // What is replayed must not be lost later: a killed process may have written without forcing.
                file.force();
            }
        }
    }

    private void checkHeader(final long segment) {
        final var header = scanner.header();
        if (SegmentFormat.isOtherVersion(header)) {
            throw new StorageException(StorageException.Kind.CORRUPT,
                SegmentFormat.name(segment) + ": " + SegmentFormat.fault(header, segment));
        }
        fault = SegmentFormat.fault(header, segment);
        tail = 0;
        sealed = false;
        if (fault.isEmpty() && !Arrays.equals(SegmentFormat.tag(header), options.tag())) {
            throw new StorageException(StorageException.Kind.CORRUPT, SegmentFormat.name(segment)
                + ": journal tag: expected=" + HexFormat.of().formatHex(options.tag())
                + " actual=" + HexFormat.of().formatHex(SegmentFormat.tag(header)));
        }
    }

    /** Whether the file's last bytes are a seal, so that a segment before the wanted position need not be read. */
    private boolean endsWithSeal(final DiskFile file, final long segment) {
        tail = file.size();
        sealed = scanner.isSealAt(tail - RecordFormat.SEAL_BYTES);
        scanner.start(file, segment);
        return sealed;
    }

    private void scan(final long segment, final boolean last) {
        SegmentScanner.Step step = scanner.next();
        while (step == SegmentScanner.Step.RECORD) {
            final long position = segment + scanner.offset();
            if (position >= from) {
                visitor.onRecord(position, scanner.type(), scanner.buffer(), scanner.payloadOffset(), scanner.length());
            }
            records++;
            floor = scanner.floor();
            step = scanner.next();
        }
        sealed = step == SegmentScanner.Step.SEAL;
        tail = sealed ? scanner.nextOffset() : scanner.offset();
        if (step == SegmentScanner.Step.BAD) {
            fault = scanner.reason();
        } else if (scanner.firstNonZero(tail) >= 0) {
            fault = "bytes after the end of the records";
        } else if (!sealed && !last) {
            fault = "sealed segment is cut short";
        }
    }

    private void cutMissing(final int index, final long expected) {
        final String name = SegmentFormat.name(bases.get(index));
        final Quarantine.Moved moved = quarantine.move(bases.subList(index, bases.size()));
        bases.subList(index, bases.size()).clear();
        create(expected);
        report = new OpenReport(OpenReport.Outcome.CORRUPT, expected, moved.bytes(), name,
            "segment is missing: expected base=" + expected, moved.directory(), records);
    }

    /** All segments up to this one are whole, but for a fault in this one. */
    private void finish(final int index) {
        final long segment = bases.get(index);
        final String name = SegmentFormat.name(segment);
        final boolean last = index == bases.size() - 1;
        long cut = 0;
        String moved = "";
        if (!fault.isEmpty()) {
            final boolean corrupt = !last || wasCommitted(segment);
            cut = quarantine.bytesAfter(name, tail);
            if (corrupt) {
                final List<Long> following = bases.subList(index + 1, bases.size());
                final Quarantine.Moved away = quarantine.copyAndMove(segment, following);
                following.clear();
                moved = away.directory();
                cut += away.bytes();
            }
        }
        mend(segment, name);
        final OpenReport.Outcome outcome = !moved.isEmpty() ? OpenReport.Outcome.CORRUPT
            : cut > 0 ? OpenReport.Outcome.TORN_TAIL : OpenReport.Outcome.CLEAN;
        final boolean clean = outcome == OpenReport.Outcome.CLEAN;
        report = new OpenReport(outcome, base() + tail, cut, clean ? "" : name, clean ? "" : fault, moved, records);
    }

    private boolean wasCommitted(final long segment) {
        try (DiskFile file = disk.open(SegmentFormat.name(segment), Disk.Mode.READ)) {
            scanner.resume(file, segment);
            final long first = Math.max(tail, SegmentFormat.HEADER_BYTES);
            return scanner.search(first, segment + tail + 1) || scanner.isSearchExhausted();
        }
    }

    /** Cuts the last segment at its end, and gives the journal a segment to append to. */
    private void mend(final long segment, final String name) {
        try (DiskFile file = disk.open(name, Disk.Mode.WRITE)) {
            final boolean surplus = !fault.isEmpty() || sealed;
            if (surplus) {
                file.truncate(tail);
            }
            if (tail < SegmentFormat.HEADER_BYTES) {
                file.write(SegmentFormat.encode(segment, options.tag()), 0);
                tail = SegmentFormat.HEADER_BYTES;
            }
            if (options.durability() == Durability.DISK) {
                writeAgain(file, Math.max(0, floor - segment));
            }
            if (surplus || options.durability() == Durability.DISK) {
                file.force();
            }
        }
        if (sealed) {
            create(segment + tail);
        } else if (options.durability() == Durability.DISK) {
            disk.forceDirectory("");
        }
    }

    /**
     * What the last life wrote and did not commit is replayed from the page cache, which calls it clean even if the kernel
     * could not write it back: only what is written again can be forced.
     */
    private void writeAgain(final DiskFile file, final long first) {
        final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long at = first;
        while (at < tail && file.read(piece.clear().limit((int) Math.min(PIECE_BYTES, tail - at)), at) > 0) {
            file.write(piece.flip(), at);
            at += piece.limit();
        }
    }

    private void create(final long base) {
        Journal.create(disk, base, options.tag(), options.durability() == Durability.DISK).close();
        bases.add(base);
        scanner.reset();
        tail = SegmentFormat.HEADER_BYTES;
        sealed = false;
    }

    OpenReport report() {
        return report;
    }

    /** The bases of all segments that are left, the last one active. */
    List<Long> bases() {
        return bases;
    }

    long base() {
        return bases.get(bases.size() - 1);
    }

    /** End of the records in the active segment. */
    long tail() {
        return tail;
    }

    long count() {
        return scanner.count();
    }

    int chain() {
        return scanner.chain();
    }
}
