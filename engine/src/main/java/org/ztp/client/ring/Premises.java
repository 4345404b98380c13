package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The service's side of the meeting place: makes it, keeps it locked, takes it away. Owned by one thread. */
final class Premises implements AutoCloseable {
    private final MeetingPlace place;
    private final PortLimits limits;
    private final long instance;
    private final FileChannel lock;
    private SharedFile service;
    private SharedFile door;

    private Premises(final MeetingPlace place, final PortLimits limits, final long instance, final FileChannel lock) {
        this.place = place;
        this.limits = limits;
        this.instance = instance;
        this.lock = lock;
    }

    /** Moves in; empty if a service is there. What a dead one left is removed. */
    static Optional<Premises> enter(final MeetingPlace place, final PortLimits limits, final long instance)
            throws IOException {
        makeDirectory(place, limits.group());
        final Optional<FileChannel> lock = lock(place);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        final Premises premises = new Premises(place, limits, instance, lock.get());
        try {
            clear(place);
            premises.announce();
        } catch (final IOException failed) {
            premises.close();
            throw failed;
        }
        return Optional.of(premises);
    }

    /** Takes away what a dead service left, if none is there. */
    static void removeLeftOver(final MeetingPlace place) throws IOException {
        place.requireTrusted();
        final Optional<FileChannel> lock = lock(place);
        if (lock.isPresent()) {
            try {
                remove(place);
            } finally {
                lock.get().close();
            }
        }
    }

    SharedFile service() {
        return service;
    }

    SharedFile door() {
        return door;
    }

    /** Whether clients still find it; cleaners of /dev/shm take files of users who logged out. */
    boolean isAnnounced() {
        return Files.exists(place.service()) && Files.exists(place.door());
    }

    /**
     * Makes the door, then tells who is here; the old ones are replaced. Both are there before the old ones go: if there is
     * no room for them, which clients can bring about, the old ones are kept.
     */
    void announce() throws IOException {
        makeDirectory(place, limits.group());
        final Path newDoor = place.directory().resolve("door.new");
        final Path newService = place.directory().resolve("service.new");
        make(newDoor, Layout.DOOR_BYTES, "rw-------", "rw--w----");
        make(newService, Layout.RINGS, "rw-------", "rw-r-----");
        tell(newService);
        door = replace(newDoor, place.door(), door);
        service = replace(newService, place.service(), service);
    }

    /** Moves a file to its place and opens it there; then the old one is let go. */
    private static SharedFile replace(final Path from, final Path to, final SharedFile old) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        final SharedFile opened = SharedFile.open(to);
        if (old != null) {
            old.close();
        }
        return opened;
    }

    private void tell(final Path path) throws IOException {
        try (SharedFile told = SharedFile.open(path)) {
            told.writeWord(Layout.SERVICE_INSTANCE, instance);
            told.writeWord(Layout.SERVICE_PID, ProcessHandle.current().pid());
            told.writeWord(Layout.SERVICE_RING_BYTES, limits.ringBytes());
            told.writeWord(Layout.SERVICE_BEAT, 0);
            told.writeWord(Layout.SERVICE_FULL, 0);
            told.writeWord(Layout.SERVICE_MAGIC, Layout.MAGIC);
        }
    }

    /**
     * Makes the file of a connection; the client takes it for ready when it sees the magic. It is the group's before it has
     * its name: a client opens it as soon as it sees it.
     */
    SharedFile makeConnection(final Path path) throws IOException {
        final Path made = place.directory().resolve("connection.new");
        try {
            make(made, Layout.RINGS + 2L * limits.ringBytes(), "rw-------", "rw-rw----");
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException full) {
            Files.deleteIfExists(made);
            throw full;
        }
        return begin(path);
    }

    /** Opens the file of a connection for good; not if there is no room for what it is to hold. */
    static SharedFile begin(final Path path) throws IOException {
        final SharedFile file = SharedFile.open(path);
        try {
            for (final int word : List.of(Layout.CLIENT_BEAT, Layout.REQUEST_TAIL, Layout.REQUEST_HEAD,
                Layout.REPLY_TAIL, Layout.REPLY_HEAD, Layout.LET_GO, Layout.LEFT)) {
                file.writeWord(word, 0);
            }
            file.writeWord(Layout.CONNECTION_MAGIC, Layout.MAGIC);
            return file;
        } catch (final IOException full) {
            file.close();
            throw full;
        }
    }

    @Override
    public void close() throws IOException {
        closeFiles();
        remove(place);
        lock.close();
    }

    private static void remove(final MeetingPlace place) throws IOException {
        if (place.directory().toFile().exists()) {
            clear(place);
            Files.deleteIfExists(place.lock());
            Files.deleteIfExists(place.directory());
        }
    }

    private void closeFiles() throws IOException {
        if (service != null) {
            service.close();
            service = null;
        }
        if (door != null) {
            door.close();
            door = null;
        }
    }

    private static void clear(final MeetingPlace place) throws IOException {
        try (Stream<Path> files = Files.list(place.directory())) {
            for (final Path file : files.filter(each -> !each.equals(place.lock())).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void make(final Path path, final long bytes, final String alone, final String shared) throws IOException {
        Files.deleteIfExists(path);
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(alone)))) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
        share(path, principal(path, limits.group()), shared);
    }

    /** Nothing is made for a group that is not found. */
    private static void makeDirectory(final MeetingPlace place, final String group) throws IOException {
        final Optional<GroupPrincipal> readers = principal(place.directory(), group);
        try {
            Files.createDirectory(place.directory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (final FileAlreadyExistsException usedBefore) {
            place.requireTrusted();
        }
        share(place.directory(), readers, "rwx--x---");
    }

    private static Optional<GroupPrincipal> principal(final Path path, final String group) throws IOException {
        try {
            return group.isEmpty() ? Optional.empty()
                : Optional.of(path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        } catch (final UserPrincipalNotFoundException none) {
            throw new IOException("clients.group: this machine knows no group " + group, none);
        }
    }

    private static void share(final Path path, final Optional<GroupPrincipal> group, final String permissions)
            throws IOException {
        if (group.isPresent()) {
            Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(group.get());
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    /** The lock belongs to the file that the path names now, not to one that a leaving service has just removed. */
    private static Optional<FileChannel> lock(final MeetingPlace place) throws IOException {
        while (true) {
            final FileChannel channel = FileChannel.open(place.lock(), Set.of(StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            final Object key = Files.getAttribute(place.lock(), "unix:ino");
            try {
                final FileLock held = channel.tryLock();
                if (held == null) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (final OverlappingFileLockException inThisProcess) {
                channel.close();
                return Optional.empty();
            }
            if (Files.exists(place.lock()) && Files.getAttribute(place.lock(), "unix:ino").equals(key)) {
                return Optional.of(channel);
            }
            channel.close();
        }
    }
}
