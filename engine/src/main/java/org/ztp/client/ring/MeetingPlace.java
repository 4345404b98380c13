package org.ztp.client.ring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import org.ztp.wire.Hash;

/**
 * The directory in shared memory where the service of a cluster's directory and its clients on this node meet:
 * {@code /dev/shm/ztp-<uid>-<16 hex>}, of the uid that owns the cluster's directory and the SHA-256 of its real path.
 *
 * @param directory the directory in shared memory
 * @param ownerUid who owns the cluster's directory
 */
record MeetingPlace(Path directory, int ownerUid) {
    /** Of a cluster's directory, which must exist. */
    static MeetingPlace of(final Path clusterDirectory) throws IOException {
        final Path real = clusterDirectory.toRealPath();
        final int uid = (Integer) Files.getAttribute(real, "unix:uid");
        final byte[] name = Hash.sha256(real.toString().getBytes(StandardCharsets.UTF_8)).toBytes();
        final Path memory = Path.of("/dev/shm");
        final Path parent = Files.isDirectory(memory) && Files.isWritable(memory)
            ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        return new MeetingPlace(parent.resolve("ztp-" + uid + "-" + HexFormat.of().formatHex(name, 0, 8)), uid);
    }

    Path lock() {
        return directory.resolve("lock");
    }

    Path service() {
        return directory.resolve("service");
    }

    Path door() {
        return directory.resolve("door");
    }

    Path connection(final long high, final long low) {
        return directory.resolve("c-" + HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low));
    }

    /**
     * Refuses a directory that somebody else put there: it must be a real one, of the user who runs this, of the owner
     * of the cluster's directory, or of root.
     */
    void requireTrusted() throws IOException {
        final int actual = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        final int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(directory + " is in the way: it is no directory");
        }
        if (actual != 0 && actual != ownerUid && actual != own) {
            throw new IOException(directory + " belongs to another user: expected=" + ownerUid + " actual=" + actual);
        }
    }
}
