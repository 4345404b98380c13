package org.ztp.storage.journal;

import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.agrona.DirectBuffer;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * An append-only log of records in a directory of its own, with group commit.
 *
 * <p>One thread, the writer, calls every method but {@link #read}, {@link #scan}, {@link #committedPosition} and
 * {@link #isSpaceShort}, which any thread may call. Appending allocates nothing.
 *
 * <p>After a failed write or force the journal is dead: every later call throws, because nobody can tell which bytes
 * the kernel still has. It must be opened anew.
 */
public final class Journal implements AutoCloseable {
    /** The position before everything. */
    public static final long START = 0;

    private final Disk disk;
    private final JournalOptions options;
    private final OpenReport openReport;
    private final Preallocator preallocator;
    private final RecordWriter writer;
    private final SegmentFiles files;
    private final RecordReader reader;
    private final byte[] tag;

    private DiskFile active;
    private long base;
    private long floor;
    private long forcedTo;
    private Optional<Commit> committing = Optional.empty();
    private volatile long committed;
    private volatile StorageException death;

    /** One under way: its job, the end of what it is about, and whether that is forced. */
    private record Commit(FutureTask<Void> job, long tail, boolean forced) { }

    private Journal(final Disk disk, final JournalOptions options, final Recovery recovery) {
        this.disk = disk;
        this.options = options;
        tag = options.tag();
        openReport = recovery.report();
        files = new SegmentFiles(disk, recovery.bases());
        preallocator = new Preallocator(disk, options.preallocateBytes(), options.background(), isForcing());
        writer = new RecordWriter(disk, options.bufferBytes(), options.background(), preallocator);
        reader = new RecordReader(writer, files);
        base = recovery.base();
        active = disk.open(SegmentFormat.name(base), Disk.Mode.WRITE);
        preallocator.start(SegmentFormat.name(base), active.size(), options.segmentBytes());
        writer.start(active, base, recovery.tail(), recovery.count(), recovery.chain());
        floor = base + recovery.tail();
        forcedTo = isForcing() ? floor : START;
        committed = floor;
    }

    /**
     * Opens a journal, which is created when there is none; checks and replays it in one pass, and cuts what is
     * damaged.
     *
     * @param disk    the journal's directory; nobody else may write to it
     * @param options how to keep it
     * @param from    records before this position are not given to the visitor, and sealed segments that end before it
     *                are not read but for their ends; {@link #START} for all
     * @param visitor is given each record that stays, in order
     * @return the journal, ready to append; {@link #openReport()} says what was cut
     * @throws StorageException when the disk fails, or of kind CORRUPT when the journal has another tag or version
     */
    public static Journal open(final Disk disk, final JournalOptions options, final long from,
                               final JournalVisitor visitor) {
        final Recovery recovery = new Recovery(disk, options, from, visitor);
        recovery.run();
        return new Journal(disk, options, recovery);
    }

    /**
     * What opening found.
     *
     * @return the report
     */
    public OpenReport openReport() {
        return openReport;
    }

    /**
     * Appends a record; it is not durable before {@link #commit}.
     *
     * @param type   1 .. 255
     * @param buffer holds the payload
     * @param offset of the payload in the buffer
     * @param length of the payload, 0 .. {@link JournalOptions#maxRecordBytes()}
     * @return the record's position
     */
    public long append(final int type, final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        begin(type, length);
        add(buffer, offset, length);
        return end();
    }

    /**
     * Appends a record made of two parts, as {@link #append(int, DirectBuffer, int, int)}.
     *
     * @param type       1 .. 255
     * @param head       holds the first part
     * @param headOffset of the first part
     * @param headLength of the first part
     * @param body       holds the second part
     * @param bodyOffset of the second part
     * @param bodyLength of the second part
     * @return the record's position
     */
    public long append(final int type, final DirectBuffer head, final int headOffset, final int headLength,
                       final DirectBuffer body, final int bodyOffset, final int bodyLength) {
        head.boundsCheck(headOffset, headLength);
        body.boundsCheck(bodyOffset, bodyLength);
        begin(type, Math.addExact(headLength, bodyLength));
        add(head, headOffset, headLength);
        add(body, bodyOffset, bodyLength);
        return end();
    }

    /**
     * Begins a record of many parts: {@link #add} them, then {@link #end}.
     *
     * @param type   1 .. 255
     * @param length sum of the lengths of all parts
     */
    public void begin(final int type, final int length) {
        checkAlive();
        if (type < 1 || type > RecordFormat.TYPE_MAX || length < 0 || length > options.maxRecordBytes()) {
            throw new IllegalArgumentException("record: expected type=1.." + RecordFormat.TYPE_MAX + " length=0.."
                + options.maxRecordBytes() + " actual type=" + type + " length=" + length);
        }
        try {
            if (writer.isFull(RecordFormat.sizeOf(length), options.segmentBytes())) {
                roll();
            }
            writer.begin(type, length, floor);
        } catch (final StorageException e) {
            throw died(e);
        }
    }

    /**
     * Adds a part to the record that was begun.
     *
     * @param buffer holds the part
     * @param offset of the part
     * @param length of the part
     */
    public void add(final DirectBuffer buffer, final int offset, final int length) {
        checkAlive();
        try {
            writer.add(buffer, offset, length);
        } catch (final StorageException e) {
            throw died(e);
        }
    }

    /**
     * Ends the record that was begun.
     *
     * @return the record's position
     */
    public long end() {
        checkAlive();
        try {
            return writer.end();
        } catch (final StorageException e) {
            throw died(e);
        }
    }

    /**
     * Makes everything appended so far durable, and readable.
     *
     * @param durability in which sense; not a stronger one than the options' own, by which segments are sealed
     */
    public void commit(final Durability durability) {
        checkCommit(durability);
        try {
            final long tail = base + writer.tail();
            if (durability == Durability.MEMORY) {
                floor = Math.max(floor, Math.min(writer.flushedTo(), tail));
            } else {
                writer.flush();
                if (durability == Durability.DISK && forcedTo < tail) {
                    active.force();
                    forcedTo = tail;
                }
                floor = tail;
            }
            committed = tail;
        } catch (final StorageException e) {
            throw died(e);
        }
    }

    /**
     * As {@link #commit}, but if that takes time a thread of the journal's own spends it: more may be appended meanwhile,
     * and it is done when {@link #commitEnded} says so. One at a time.
     *
     * @param durability as of {@link #commit}
     * @param whenEnded  run by that thread in the end, also if the disk fails
     * @return whether it is done already; nobody runs {@code whenEnded} then
     */
    public boolean beginCommit(final Durability durability, final Runnable whenEnded) {
        checkCommit(durability);
        if (committing.isPresent()) {
            throw new IllegalStateException("a commit is under way");
        }
        try {
            final long tail = base + writer.tail();
            final boolean force = durability == Durability.DISK;
            committing = durability == Durability.MEMORY ? Optional.empty()
                : writer.beginFlush(force, whenEnded).map(job -> new Commit(job, tail, force));
        } catch (final StorageException e) {
            throw died(e);
        }
        if (committing.isEmpty()) {
            commit(durability);
        }
        return committing.isEmpty();
    }

    /**
     * Whether what {@link #beginCommit} began is done. Everything appended before it is durable then, and readable.
     *
     * @return also true if nothing was begun
     */
    public boolean commitEnded() {
        checkAlive();
        if (committing.isPresent() && committing.get().job().isDone()) {
            awaitCommit();
        }
        return committing.isEmpty();
    }

    /** Waits until what {@link #beginCommit} began, if it did, is done. */
    public void awaitCommit() {
        checkAlive();
        if (committing.isPresent()) {
            final Commit commit = committing.get();
            try {
                LazyFlush.finish(commit.job());
                writer.release();
            } catch (final StorageException e) {
                throw died(e);
            }
            committing = Optional.empty();
            forcedTo = commit.forced() ? Math.max(forcedTo, commit.tail()) : forcedTo;
            floor = Math.max(floor, commit.tail());
            committed = Math.max(committed, commit.tail());
        }
    }

    private void checkCommit(final Durability durability) {
        checkAlive();
        if (writer.isInRecord()) {
            throw new IllegalStateException("commit inside a record");
        }
        if (durability.compareTo(options.durability()) > 0) {
            throw new IllegalArgumentException(
                "durability: expected<=" + options.durability() + " actual=" + durability);
        }
    }

    /** Seals the active segment, and only when that is durable creates the next: so only the last can be torn. */
    private void roll() {
        writer.seal(floor);
        preallocator.await();
        active.truncate(writer.tail());
        if (isForcing()) {
            active.force();
        }
        active.close();
        base += writer.tail();
        active = create(disk, base, tag, isForcing());
        preallocator.start(SegmentFormat.name(base), SegmentFormat.HEADER_BYTES, options.segmentBytes());
        files.add(base);
        writer.start(active, base, SegmentFormat.HEADER_BYTES, 0, 0);
    }

    static DiskFile create(final Disk disk, final long base, final byte[] tag, final boolean force) {
        final DiskFile file = disk.open(SegmentFormat.name(base), Disk.Mode.CREATE);
        file.write(SegmentFormat.encode(base, tag), 0);
        if (force) {
            file.force();
            disk.forceDirectory("");
        }
        return file;
    }

    private boolean isForcing() {
        return options.durability() == Durability.DISK;
    }

    /**
     * Reads a committed record.
     *
     * @param position as returned by append, or given to a visitor
     * @return the record, or the verdict that there is none
     * @throws StorageException when the disk fails; the journal goes on
     */
    public JournalRecord read(final long position) {
        return read(position, 0);
    }

    /**
     * As {@link #read(long)}, in one read instead of two if the length is known.
     *
     * @param position as returned by append, or given to a visitor
     * @param guess    how long the payload probably is, 0 .. {@link JournalOptions#maxRecordBytes()}; a wrong one costs time
     *                 or memory, nothing else
     * @return the record, or the verdict that there is none
     * @throws StorageException when the disk fails; the journal goes on
     */
    public JournalRecord read(final long position, final int guess) {
        checkAlive();
        final JournalRecord record = reader.read(position, committed, Math.max(0, Math.min(guess, options.maxRecordBytes())));
        return record.isValid() && record.type() == RecordFormat.SEAL_TYPE
            ? JournalRecord.without(JournalRecord.Verdict.ABSENT, position) : record;
    }

    /** As {@link #read}, seals included. */
    JournalRecord readAny(final long position) {
        checkAlive();
        return reader.read(position, committed, 0);
    }

    /**
     * Reads committed records in order.
     *
     * @param from a record's position, or {@link #START}
     * @return a cursor before the record
     */
    public JournalCursor scan(final long from) {
        return new JournalCursor(this, from);
    }

    /**
     * Who reads what is sealed again and again, for damage.
     *
     * @return one that begins with the first segment; good until the journal is closed
     */
    public JournalScrub scrub() {
        return new JournalScrub(disk, files);
    }

    /**
     * Reads the segments that openings have put aside, since they or one before them were damaged.
     *
     * @param visitor is given each valid record of them
     */
    public void readQuarantined(final JournalVisitor visitor) {
        for (final Disk.Entry entry : disk.list("")) {
            if (entry.directory() && entry.name().startsWith(Quarantine.PREFIX)) {
                JournalAudit.run(disk.view(entry.name()), tag, visitor);
            }
        }
    }

    /**
     * Where a position is, for people.
     *
     * @param position as returned by append
     * @return name of the file, and the byte in it
     */
    public String placeOf(final long position) {
        final long base = files.baseOf(Math.max(START, position));
        return SegmentFormat.name(base) + " offset=" + (position - base);
    }

    boolean isBase(final long position) {
        return position >= START && files.baseOf(position) == position;
    }

    /**
     * The end of what is committed.
     *
     * @return a position
     */
    public long committedPosition() {
        return committed;
    }

    /**
     * The end of what is appended.
     *
     * @return a position, that of the next record unless a new segment begins
     */
    public long tailPosition() {
        return base + writer.tail();
    }

    /**
     * Whether zeros could not be written ahead for want of space: the journal still works, but not for long.
     *
     * @return the last attempt's outcome
     */
    public boolean isSpaceShort() {
        return preallocator.isSpaceShort();
    }

    private void checkAlive() {
        final StorageException cause = death;
        if (cause != null) {
            throw new StorageException(cause.kind(), "journal is dead: " + cause.getMessage(), cause);
        }
    }

    private StorageException died(final StorageException cause) {
        death = cause;
        return cause;
    }

    /**
     * Writes out everything appended, cuts the zeros off the active segment, forces it if the options say DISK, and
     * closes. A dead journal is only closed, as is one with an unfinished record, whose remains the next opening cuts.
     */
    @Override
    public void close() {
        try {
            if (death == null && !writer.isInRecord()) {
                writer.flush();
                preallocator.await();
                active.truncate(writer.tail());
                if (isForcing()) {
                    active.force();
                }
            }
        } finally {
            abandon();
        }
    }

    /** Lets go of everything without writing: the files stay as if the process had been killed. */
    public void abandon() {
        if (death == null) {
            death = new StorageException(StorageException.Kind.IO, "closed");
        }
        try {
            preallocator.await();
        } finally {
            preallocator.close();
            writer.close();
            files.close();
            active.close();
        }
    }
}
