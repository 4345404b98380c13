package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import org.ztp.storage.StorageException;

/**
 * A file that nobody sees until it has its last name; closed before that, or after a failure, it leaves nothing behind.
 * Used by one thread.
 */
public final class IncomingFile implements AutoCloseable {
    private final Disk disk;
    private final String name;
    private final DiskFile file;
    private boolean open = true;

    IncomingFile(final Disk disk, final String name) {
        this.disk = disk;
        this.name = name;
        file = disk.open(name, Disk.Mode.CREATE);
    }

    /**
     * Whether it can be written to.
     *
     * @return false when it has its last name, was closed, or a write failed
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * Writes all that remains in a buffer.
     *
     * @param source bytes
     * @param offset where they go
     */
    public void write(final ByteBuffer source, final long offset) {
        attempt(() -> file.write(source, offset));
    }

    /** Makes what was written survive the loss of power. */
    public void force() {
        attempt(file::force);
    }

    /**
     * Gives the file its last name, in the place of one that has it, and closes it.
     *
     * @param last the name; its directory is created when it is not there
     */
    public void place(final String last) {
        attempt(() -> {
            if (last.contains("/")) {
                disk.createDirectory(last.substring(0, last.lastIndexOf('/')));
            }
            disk.rename(name, last);
            open = false;
            file.close();
        });
    }

    private void attempt(final Runnable step) {
        try {
            step.run();
        } catch (final StorageException cause) {
            try {
                close();
            } catch (final StorageException e) {
                cause.addSuppressed(e);
            }
            throw cause;
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            file.close();
            if (disk.exists(name)) {
                disk.delete(name);
            }
        }
    }
}
