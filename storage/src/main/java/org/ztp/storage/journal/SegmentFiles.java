package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Reads segments at random, for any thread, with a bounded number of open files. They are never those of the writer: a
 * reader that is interrupted closes its file, and no more.
 */
final class SegmentFiles implements AutoCloseable {
    private static final int OPEN_MAX = 16;
    private static final int ATTEMPTS = 2;

    private static final class Shared {
        private final DiskFile file;
        private int users;
        private boolean evicted;

        Shared(final DiskFile file) {
            this.file = file;
        }
    }

    private final Disk disk;
    private volatile long[] bases;
    /** Guarded by this object's monitor, as is all that is inside; the least recently used comes first. */
    private final Map<Long, Shared> open = new LinkedHashMap<>(OPEN_MAX, 0.75f, true);

    SegmentFiles(final Disk disk, final List<Long> bases) {
        this.disk = disk;
        this.bases = bases.stream().mapToLong(Long::longValue).toArray();
    }

    /** Called by the writer before a position of the segment is committed. */
    void add(final long base) {
        final long[] more = Arrays.copyOf(bases, bases.length + 1);
        more[bases.length] = base;
        bases = more;
    }

    /** The first sealed segment whose base is at or after a position, or else the first of all; empty if none is sealed. */
    OptionalLong sealed(final long from) {
        final long[] all = bases;
        for (int i = 0; i < all.length - 1; i++) {
            if (all[i] >= from) {
                return OptionalLong.of(all[i]);
            }
        }
        return all.length > 1 ? OptionalLong.of(all[0]) : OptionalLong.empty();
    }

    /** The base of the segment that has the position. */
    long baseOf(final long position) {
        final long[] all = bases;
        final int index = Arrays.binarySearch(all, position);
        return all[index >= 0 ? index : -index - 2];
    }

    /** Reads as {@link DiskFile#read}; a file that another reader's interrupt closed is opened again. */
    int read(final long base, final ByteBuffer destination, final long offset) {
        final int start = destination.position();
        for (int attempt = 1;; attempt++) {
            final Shared shared = acquire(base);
            try {
                return shared.file.read(destination.position(start), offset);
            } catch (final StorageException e) {
                evict(base, shared);
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } finally {
                release(shared);
            }
        }
    }

    private synchronized Shared acquire(final long base) {
        Shared shared = open.get(base);
        if (shared == null) {
            shared = new Shared(disk.open(SegmentFormat.name(base), Disk.Mode.READ));
            open.put(base, shared);
        }
        shared.users++;
        evictSurplus();
        return shared;
    }

    private void evictSurplus() {
        final Iterator<Shared> oldest = open.values().iterator();
        while (open.size() > OPEN_MAX && oldest.hasNext()) {
            final Shared shared = oldest.next();
            if (shared.users == 0) {
                oldest.remove();
                shared.file.close();
            }
        }
    }

    private synchronized void evict(final long base, final Shared shared) {
        shared.evicted = true;
        open.remove(base, shared);
    }

    private synchronized void release(final Shared shared) {
        shared.users--;
        if (shared.users == 0 && shared.evicted) {
            shared.file.close();
        }
    }

    /** Closes what nobody reads; a reader under way closes its own file. */
    @Override
    public synchronized void close() {
        for (final Shared shared : open.values()) {
            shared.evicted = true;
            if (shared.users == 0) {
                shared.file.close();
            }
        }
        open.clear();
    }
}
