package org.ztp.storage.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.Incoming;

/**
 * What a look at every byte of an archive has found; it changes nothing.
 *
 * @param findings all of them, empty when all is well
 * @param damaged  chunks to be written again, in order
 * @param height   up to which the whole chunks reach without a gap, 0 when there is none
 */
public record ArchiveAudit(List<Finding> findings, List<Chunk> damaged, long height) {
    /**
     * Runs an audit.
     *
     * @param disk   the archive's directory
     * @param tag    32 bytes that name the ledger
     * @param origin link before height 1
     * @return what was found
     */
    public static ArchiveAudit run(final Disk disk, final byte[] tag, final Link origin) {
        final List<Finding> findings = new ArrayList<>();
        checkNames(disk, findings);
        final ChunkReader reader = new ChunkReader(disk, tag.clone());
        final Map<Chunk, ChunkScan> scans = new HashMap<>();
        final List<Chunk> damaged = new ArrayList<>();
        for (final Chunk chunk : scan(disk, reader, scans)) {
            final ChunkScan scan = scans.get(chunk);
            if (!scan.isValid()) {
                scans.remove(chunk);
                damaged.add(chunk);
                findings.add(new Finding(Finding.Kind.CORRUPT, chunk.fileName(), scan.offset(), scan.fault()));
            }
        }
        final long height = checkCover(scans, origin, findings);
        return new ArchiveAudit(List.copyOf(findings), List.copyOf(damaged), height);
    }

    /** Looks at all chunks; where one was deleted meanwhile, its heights are in another one, perhaps a new one. */
    private static List<Chunk> scan(final Disk disk, final ChunkReader reader, final Map<Chunk, ChunkScan> scans) {
        List<Chunk> chunks = Archive.chunks(disk);
        int next = 0;
        while (next < chunks.size()) {
            final Chunk chunk = chunks.get(next++);
            try {
                if (!scans.containsKey(chunk)) {
                    scans.put(chunk, reader.scan(chunk));
                }
            } catch (final StorageException failure) {
                if (disk.exists(chunk.fileName())) {
                    throw failure;
                }
                chunks = Archive.chunks(disk);
                next = 0;
            }
        }
        scans.keySet().retainAll(chunks);
        return chunks;
    }

    private static void checkNames(final Disk disk, final List<Finding> findings) {
        for (final Disk.Entry entry : disk.list("")) {
            if (entry.directory() && entry.name().equals(Incoming.DIRECTORY)) {
                disk.list(Incoming.DIRECTORY).forEach(leftover -> findings.add(new Finding(Finding.Kind.LEFTOVER,
                    Incoming.DIRECTORY + '/' + leftover.name(), 0, "its writer died, or is still writing")));
            } else if (entry.directory() && entry.name().startsWith(Archive.ASIDE)) {
                findings.add(new Finding(Finding.Kind.NOTE, entry.name(), 0, "set aside when voting began anew"));
            } else if (entry.directory() || Chunk.parse(entry.name()).isEmpty()) {
                findings.add(new Finding(Finding.Kind.FOREIGN, entry.name(), 0, "not a file of the archive"));
            }
        }
    }

    /** Returns the height that is reached; what lies beyond a gap, or is there twice, is told. */
    private static long checkCover(final Map<Chunk, ChunkScan> scans, final Link origin,
                                   final List<Finding> findings) {
        final List<Chunk> ordered = scans.keySet().stream().sorted(Chunk.ORDER).toList();
        final List<Chunk> unused = new ArrayList<>(ordered);
        final Cover cover = new Cover(ordered);
        long height = 0;
        Optional<Link> link = Optional.of(origin);
        for (Optional<Chunk> next = cover.after(0); next.isPresent(); next = cover.after(height)) {
            final Chunk chunk = next.get();
            final ChunkScan scan = scans.get(chunk);
            unused.remove(chunk);
            if (scan.follows(height, link)) {
                height = chunk.last();
                link = Optional.of(chunk.link());
            } else {
                findings.add(new Finding(Finding.Kind.CORRUPT, chunk.fileName(), 0, scan.strayFault(height)));
            }
        }
        for (final Chunk chunk : unused) {
            findings.add(chunk.last() <= height
                ? new Finding(Finding.Kind.NOTE, chunk.fileName(), 0, "its heights are in other chunks too")
                : new Finding(Finding.Kind.MISSING, chunk.fileName(), 0, "no chunk before it: expected height="
                    + (height + 1) + " actual=" + chunk.first()));
        }
        return height;
    }
}
