package org.ztp.storage.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.Incoming;

/**
 * The archive of one chain on a disk. Used by one thread; several archives, in several processes and on several
 * machines, may use one directory.
 */
public final class Archive {
    static final String ASIDE = "aside-";

    private final Disk disk;
    private final byte[] tag;
    private final Link origin;
    private final Incoming incoming;
    private final ChunkReader reader;
    /** Chunks whose header was looked at: a file that has its name never changes but for a whole one of that name. */
    private final Map<Chunk, ChunkScan> sound = new HashMap<>();
    /** Chunks that are known to be of the caller's chain: that does not change. */
    private final Set<Chunk> own = new HashSet<>();
    private List<Chunk> forced = List.of();

    /**
     * Up to where an archive reaches without a gap.
     *
     * @param height the last height, 0 when there is none
     * @param link   of that height
     */
    public record Head(long height, Link link) {
    }

    /**
     * What an archive has, and what of it is known to be of one chain.
     *
     * @param head up to where it reaches without a gap
     * @param own  up to which height all of that is of the caller's chain, 0 when nothing is
     */
    public record Known(Head head, long own) {
    }

    /**
     * How far a replay came.
     *
     * @param height   the last height whose records were given, one less than the first that was asked for if none was
     * @param findings about chunks that could not be used, or not wholly
     */
    public record Replayed(long height, List<Finding> findings) {
    }

    /**
     * Uses a directory.
     *
     * @param disk   the directory, shared by all who use the archive
     * @param tag    32 bytes that name the ledger, the same in every chunk
     * @param origin link before height 1
     * @param writer 1 .. 64 letters, digits, dots and hyphens that name this user of the directory, for its temporary
     *               files
     */
    public Archive(final Disk disk, final byte[] tag, final Link origin, final String writer) {
        this(disk, tag, origin, writer, "");
    }

    /**
     * As {@link #Archive(Disk, byte[], Link, String)}, for one of several processes that have one name after another.
     *
     * @param life 16 hexadecimal digits that no other process of that name has; or nothing
     */
    public Archive(final Disk disk, final byte[] tag, final Link origin, final String writer, final String life) {
        if (tag.length != Link.BYTES) {
            throw new IllegalArgumentException("tag bytes: expected=" + Link.BYTES + " actual=" + tag.length);
        }
        this.disk = disk;
        this.tag = tag.clone();
        this.origin = origin;
        incoming = new Incoming(disk, writer, life);
        reader = new ChunkReader(disk, this.tag);
    }

    /** The chunks of a directory, in order. */
    static List<Chunk> chunks(final Disk disk) {
        return disk.list("").stream().filter(entry -> !entry.directory()).flatMap(
            entry -> Chunk.parse(entry.name()).stream()).sorted(Chunk.ORDER).toList();
    }

    /**
     * Up to where the chunks reach without a gap, as their names, headers and lengths tell.
     *
     * @return where to append
     */
    public Head head() {
        return head(used());
    }

    private Head head(final List<Chunk> used) {
        return used.isEmpty() ? new Head(0, origin)
            : new Head(used.get(used.size() - 1).last(), used.get(used.size() - 1).link());
    }

    /**
     * As {@link #head()}, and what it tells of is there after the loss of power too: whoever gave a chunk its name may
     * have died before that was on disk, or not be there yet. And up to where it is of the caller's chain: a process of
     * before voting began anew may still write chunks of a branch that was lost.
     *
     * @param ownEnd whether a chunk ends with a block of the caller's chain, as its name tells
     * @return where to append, and what is known to be kept
     */
    public Known forcedHead(final Predicate<Chunk> ownEnd) {
        final List<Chunk> used = used();
        if (!used.equals(forced)) {
            disk.forceDirectory("");
            forced = used;
        }
        long height = 0;
        for (final Chunk chunk : used) {
            if (!isOwn(chunk, ownEnd)) {
                break;
            }
            height = chunk.last();
        }
        return new Known(head(used), height);
    }

    private boolean isOwn(final Chunk chunk, final Predicate<Chunk> ownEnd) {
        return own.contains(chunk) || ownEnd.test(chunk) && own.add(chunk);
    }

    /** The chunks that cover the heights from 1 on, as their names, headers and lengths tell. */
    private List<Chunk> used() {
        final List<Chunk> used = new ArrayList<>();
        final Cover cover = new Cover(chunks(disk));
        long height = 0;
        Link link = origin;
        for (Optional<Chunk> next = cover.after(0); next.isPresent(); next = cover.after(height)) {
            final Optional<ChunkScan> scan = header(next.get());
            if (scan.isPresent() && scan.get().follows(height, Optional.of(link))) {
                used.add(next.get());
                height = next.get().last();
                link = next.get().link();
            }
        }
        return used;
    }

    private Optional<ChunkScan> header(final Chunk chunk) {
        if (!sound.containsKey(chunk) && disk.exists(chunk.fileName())) {
            final ChunkScan scan = reader.scanHeader(chunk);
            if (scan.isValid()) {
                sound.put(chunk, scan);
            }
        }
        return Optional.ofNullable(sound.get(chunk));
    }

    /**
     * Begins a chunk: after the {@link #head}, or in the place of a damaged one.
     *
     * @param first  its first height, 1 or more
     * @param before link of the height before
     * @return its writer, to be finished and closed
     */
    public ChunkWriter newChunk(final long first, final Link before) {
        return new ChunkWriter(disk, incoming.begin(), tag, first, before);
    }

    /**
     * Gives all records from a height on, up to the first gap. Of a damaged chunk the heights before the damage are
     * given; a height is given whole or not at all, and once.
     *
     * @param from    the first height, 1 or more
     * @param visitor is given the records
     * @return how far it came
     */
    public Replayed replay(final long from, final ArchiveVisitor visitor) {
        return replay(from, (chunk, at, height, kind, buffer, offset, length) ->
            visitor.onRecord(height, kind, buffer, offset, length));
    }

    /**
     * As {@link #replay(long, ArchiveVisitor)}, and tells where each record stands.
     *
     * @param from    the first height, 1 or more
     * @param visitor is given the records
     * @return how far it came
     */
    public Replayed replay(final long from, final PlacedVisitor visitor) {
        final List<Finding> findings = new ArrayList<>();
        final Cover cover = new Cover(chunks(disk));
        long height = from - 1;
        Optional<Link> link = from == 1 ? Optional.of(origin) : Optional.empty();
        for (Optional<Chunk> next = cover.after(height); next.isPresent(); next = cover.after(height)) {
            final Chunk chunk = next.get();
            if (!disk.exists(chunk.fileName())) {
                continue; // deleted meanwhile: its heights are in another one
            }
            final ChunkScan scan = reader.scan(chunk);
            final boolean follows = scan.follows(height, link);
            if (!follows || !scan.isValid()) {
                findings.add(new Finding(Finding.Kind.CORRUPT, chunk.fileName(), scan.offset(),
                    scan.isValid() ? scan.strayFault(height) : scan.fault()));
            }
            if (follows && scan.wholeThrough() > height) {
                reader.deliver(chunk, height + 1, scan.wholeThrough(), visitor);
                height = scan.wholeThrough();
                link = scan.isValid() ? Optional.of(chunk.link()) : Optional.empty();
            }
        }
        return new Replayed(height, List.copyOf(findings));
    }

    /**
     * Deletes chunks of the caller's chain, damaged ones too, whose heights another one of that chain has that is
     * whole: what is left when two writers wrote the same.
     *
     * @param ownEnd whether a chunk ends with a block of the caller's chain, as its name tells
     * @return how many there were
     */
    public int deleteCovered(final Predicate<Chunk> ownEnd) {
        final Set<Chunk> used = new LinkedHashSet<>(used());
        int count = 0;
        for (final Chunk chunk : chunks(disk)) {
            if (!used.contains(chunk) && used.stream().anyMatch(wider -> wider.contains(chunk) && !chunk.contains(wider)
                && isOwn(chunk, ownEnd) && isOwn(wider, ownEnd) && reader.scan(wider).isValid())) {
                disk.delete(chunk.fileName());
                count++;
            }
        }
        return count;
    }

    /**
     * Deletes the temporary files of this writer's name, whatever the life; for the start of the process that has that name
     * now. One before it that still writes finds that its file is gone, and gives it no name.
     *
     * @return how many there were
     */
    public int deleteLeftovers() {
        return incoming.deleteLeftovers();
    }

    /**
     * Chunks that reach beyond a height.
     *
     * @param height any
     * @return in order
     */
    public List<Chunk> above(final long height) {
        return chunks(disk).stream().filter(chunk -> chunk.last() > height).toList();
    }

    /**
     * Chunks whose heights do not count, as their headers or lengths are not those of their names.
     *
     * @return in order
     */
    public List<Chunk> headless() {
        return chunks(disk).stream().filter(chunk -> header(chunk).isEmpty() && disk.exists(chunk.fileName())).toList();
    }

    /**
     * Looks at every byte of a chunk.
     *
     * @param chunk of {@link #above}
     * @return whether it is whole, or has been deleted meanwhile: then its heights are in another one
     * @throws StorageException when the disk fails
     */
    public boolean isWhole(final Chunk chunk) {
        return !disk.exists(chunk.fileName()) || reader.scan(chunk).isValid();
    }

    /**
     * Takes what reaches beyond a height out of the archive, into a directory {@code aside-<number>} in it, which
     * nobody reads.
     *
     * @param height last height that stays; a chunk must end there, or it is 0
     * @param number of that directory
     */
    public void setAside(final long height, final long number) {
        final List<Chunk> beyond = above(height);
        if (!beyond.isEmpty()) {
            final String aside = ASIDE + number;
            disk.createDirectory(aside);
            beyond.forEach(chunk -> disk.rename(chunk.fileName(), aside + '/' + chunk.fileName()));
            disk.forceDirectory(aside);
            disk.forceDirectory("");
        }
    }

    /**
     * Looks at every byte.
     *
     * @return what was found
     * @throws StorageException when the disk fails
     */
    public ArchiveAudit audit() {
        return ArchiveAudit.run(disk, tag, origin);
    }
}
