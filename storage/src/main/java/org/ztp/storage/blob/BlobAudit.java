package org.ztp.storage.blob;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.Incoming;
import org.ztp.storage.disk.DiskFile;

/** Checks every byte of every blob, and that there is nothing else; changes nothing. */
public final class BlobAudit {
    private static final int PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final ObjLongConsumer<BlobId> visitor;
    private final List<Finding> findings = new ArrayList<>();
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer piece;

    private BlobAudit(final Disk disk, final ObjLongConsumer<BlobId> visitor) {
        this.disk = disk;
        this.visitor = visitor;
        piece = disk.newBuffer(PIECE_BYTES);
    }

    /**
     * Runs an audit.
     *
     * @param disk    the blobs' directory
     * @param visitor is given each valid blob's name and length in bytes, in the order of names
     * @return what was found, empty when all is well
     */
    public static List<Finding> run(final Disk disk, final ObjLongConsumer<BlobId> visitor) {
        final BlobAudit audit = new BlobAudit(disk, visitor);
        for (final Disk.Entry entry : disk.list("")) {
            if (entry.directory() && entry.name().equals(Incoming.DIRECTORY)) {
                audit.checkIncoming();
            } else if (entry.directory() && entry.name().matches("[0-9a-f]{2}")) {
                audit.checkDirectory(entry.name());
            } else {
                audit.report(Finding.Kind.FOREIGN, entry.name(), "not a file of the blob store");
            }
        }
        return audit.findings;
    }

    private void checkIncoming() {
        for (final Disk.Entry entry : disk.list(Incoming.DIRECTORY)) {
            report(Finding.Kind.LEFTOVER, Incoming.DIRECTORY + '/' + entry.name(),
                "its writer died, or is still writing");
        }
    }

    private void checkDirectory(final String directory) {
        for (final Disk.Entry entry : disk.list(directory)) {
            final String name = directory + '/' + entry.name();
            final Optional<BlobId> id = entry.directory() ? Optional.empty() : BlobId.parse(directory + entry.name());
            if (id.isPresent()) {
                checkIfThere(id.get(), name);
            } else {
                report(Finding.Kind.FOREIGN, name, "not the name of a blob");
            }
        }
    }

    /** One that was deleted meanwhile, as after a broken-off publication, is none; an unreadable one hides no other. */
    private void checkIfThere(final BlobId id, final String name) {
        try {
            checkBlob(id, name);
        } catch (final StorageException failure) {
            if (disk.exists(name)) {
                report(Finding.Kind.CORRUPT, name, "cannot be read: " + failure.getMessage());
            }
        }
    }

    private void checkBlob(final BlobId id, final String name) {
        long length = 0;
        digest.reset();
        try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
            while (file.read(piece.clear(), length) > 0) {
                length += piece.position();
                digest.update(piece.flip());
            }
        }
        final BlobId actual = new BlobId(digest.digest());
        if (actual.equals(id)) {
            visitor.accept(id, length);
        } else {
            report(Finding.Kind.CORRUPT, name, "SHA-256: expected=" + id + " actual=" + actual);
        }
    }

    private void report(final Finding.Kind kind, final String file, final String reason) {
        findings.add(new Finding(kind, file, 0, reason));
    }
}
