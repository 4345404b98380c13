package org.ztp.storage.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ztp.storage.StorageException;

/** A directory of the operating system. */
public final class FileDisk implements Disk {
    private static final int FOR_GROUP = 02020;
    private static final Set<PosixFilePermission> GROUP_READS = PosixFilePermissions.fromString("rw-r-----");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path root;
    private final Optional<ByteBuffer> piece;
    private final Optional<ByteBuffer> readPiece;
    private final PastCache past;
    private final Consumer<String> told;
    private final AtomicBoolean refused = new AtomicBoolean();
    private final Map<Path, Boolean> blocksFit = new ConcurrentHashMap<>();
    private final boolean forGroup;

    /**
     * Uses a directory, which is created when it does not exist.
     *
     * @param root the directory
     */
    public FileDisk(final Path root) {
        this(root, PastCache.NEVER);
    }

    /**
     * As {@link #FileDisk(Path)}, but some writes from buffers of {@link #newBuffer}, and reads, go past the page cache
     * where the file system lets them: for files that are seldom read again. The cache stays with those who need it, and
     * its pages need not be found.
     *
     * @param root the directory
     * @param past which of them; unless never, the disk keeps two buffers of 1 MiB
     */
    public FileDisk(final Path root, final PastCache past) {
        this(root, past, line -> { });
    }

    /**
     * As {@link #FileDisk(Path, PastCache)}.
     *
     * @param told takes a line, once, if the file system refuses to be written past the cache, though it lets files be opened
     *     for that: from then on all goes through the cache
     */
    public FileDisk(final Path root, final PastCache past, final Consumer<String> told) {
        this(root, past, told, pieceFor(past), false);
        createDirectory("");
    }

    private FileDisk(final Path root, final PastCache past, final Consumer<String> told, final Optional<ByteBuffer> piece,
                     final boolean forGroup) {
        this.root = root;
        this.past = past;
        this.told = told;
        this.piece = piece;
        this.forGroup = forGroup;
        readPiece = piece.map(another -> DirectWriter.newPiece());
    }

    private static Optional<ByteBuffer> pieceFor(final PastCache past) {
        return past == PastCache.NEVER ? Optional.empty() : Optional.of(DirectWriter.newPiece());
    }

    /**
     * As {@link #FileDisk(Path, PastCache)}, for a directory in which several users write: if it is one that hands its group
     * down (setgid) and that its group may write, the files made there are 0640, whatever the umask.
     *
     * @param root the directory
     * @param past which writes and reads go past the page cache
     * @return the disk
     */
    public static FileDisk shared(final Path root, final PastCache past) {
        final FileDisk disk = new FileDisk(root, past, line -> { }, pieceFor(past), isForGroup(root));
        disk.createDirectory("");
        return disk;
    }

    private static boolean isForGroup(final Path directory) {
        try {
            return ((int) Files.getAttribute(directory, "unix:mode") & FOR_GROUP) == FOR_GROUP;
        } catch (final NoSuchFileException absent) {
            return false;
        } catch (final IOException e) {
            throw failed("look at", directory, e);
        }
    }

    /**
     * Uses a directory as it is, for those who only read: one that does not exist is not created, and has nothing in it.
     *
     * @param root the directory
     * @return the disk
     */
    public static FileDisk existing(final Path root) {
        return new FileDisk(root, PastCache.NEVER, line -> { }, Optional.empty(), false);
    }

    /**
     * The directory.
     *
     * @return as given
     */
    public Path root() {
        return root;
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        final Path path = path(name);
        try {
            final FileChannel channel = FileChannel.open(path, options(mode));
            if (forGroup && mode == Mode.CREATE) {
                Files.setPosixFilePermissions(path, GROUP_READS);
            }
            return file(path, mode, channel);
        } catch (final IOException e) {
            throw failed("open", path, e);
        }
    }

    private DiskFile file(final Path path, final Mode mode, final FileChannel channel) {
        final boolean passing = piece.isPresent() && !refused.get()
            && blocksFit.computeIfAbsent(path.toAbsolutePath().getParent(), DirectWriter::blocksFit);
        return new ChannelFile(path, channel,
            passing && mode != Mode.READ ? DirectWriter.open(path, piece.get(), failure -> refused(path, failure)) : Optional.empty(),
            passing && mode == Mode.READ ? DirectWriter.channel(path, StandardOpenOption.READ).map(direct ->
                new DirectReader(direct, readPiece.get())) : Optional.empty(), past);
    }

    private void refused(final Path path, final IOException failure) {
        if (refused.compareAndSet(false, true)) {
            told.accept("the file system of " + path + " takes no writes past the page cache (" + failure.getMessage()
                + "): written through it from now on");
        }
    }

    private static Set<StandardOpenOption> options(final Mode mode) {
        return switch (mode) {
            case READ -> Set.of(StandardOpenOption.READ);
            case WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        };
    }

    @Override
    public boolean exists(final String name) {
        return isThere(path(name));
    }

    /**
     * Whether there is a file or directory. {@link Files#exists} would answer no whenever the file system fails to
     * answer; and what is absent is made anew, and what belongs to it deleted.
     *
     * @param path of it
     * @param links whether a link counts itself, or what it points to
     * @return true when it is there
     * @throws StorageException if the file system does not tell
     */
    public static boolean isThere(final Path path, final LinkOption... links) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, links);
            return true;
        } catch (final NoSuchFileException absent) {
            return false;
        } catch (final IOException e) {
            throw failed("look for", path, e);
        }
    }

    @Override
    public List<Entry> list(final String directory) {
        final Path path = path(directory);
        try (Stream<Path> children = Files.list(path)) {
            final List<Entry> entries = new ArrayList<>();
            children.forEach(child ->
                entries.add(new Entry(child.getFileName().toString(), Files.isDirectory(child))));
            entries.sort(Comparator.comparing(Entry::name));
            return entries;
        } catch (final NoSuchFileException e) {
            return List.of();
        } catch (final IOException e) {
            throw failed("list", path, e);
        } catch (final UncheckedIOException e) {
            throw failed("list", path, e.getCause());
        }
    }

    @Override
    public void createDirectory(final String name) {
        createDirectories(path(name));
    }

    /**
     * Makes a directory and those above it that are not there; what was made survives the loss of power when this returns.
     *
     * @param path of it; nothing is done if it is there
     * @throws StorageException if it cannot be made, or its name not be forced
     */
    public static void createDirectories(final Path path) {
        final Path whole = path.toAbsolutePath();
        final boolean there = isThere(whole);
        if (!there) {
            createDirectories(whole.getParent());
        }
        try {
            Files.createDirectories(whole); // another may have been faster
            if (!there) {
                force(whole.getParent());
            }
        } catch (final AccessDeniedException unforced) {
            requireDirectory(whole, unforced); // where one may make files and not look, names cannot be forced either
        } catch (final IOException e) {
            throw failed("create", path, e);
        }
    }

    private static void requireDirectory(final Path path, final AccessDeniedException otherwise) {
        if (!Files.isDirectory(path)) {
            throw failed("create", path, otherwise);
        }
    }

    @Override
    public void rename(final String from, final String to) {
        final Path source = path(from);
        try {
            Files.move(source, path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            throw failed("rename to " + to, source, e);
        }
    }

    @Override
    public void delete(final String name) {
        final Path path = path(name);
        try {
            Files.delete(path);
        } catch (final IOException e) {
            throw failed("delete", path, e);
        }
    }

    @Override
    public void forceDirectory(final String directory) {
        final Path path = path(directory);
        try {
            force(path);
        } catch (final IOException e) {
            throw failed("fsync", path, e);
        }
    }

    private static void force(final Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public ByteBuffer newBuffer(final int bytes) {
        return (piece.isPresent() ? DirectWriter.newBuffer(bytes) : ByteBuffer.allocateDirect(bytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long incarnation() {
        try {
            final UUID boot = UUID.fromString(Files.readString(BOOT_ID).trim());
            return (boot.getMostSignificantBits() ^ boot.getLeastSignificantBits()) | 1;
        } catch (final IOException | IllegalArgumentException e) {
            throw new StorageException(StorageException.Kind.IO, "read " + BOOT_ID + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private Path path(final String name) {
        return name.isEmpty() ? root : root.resolve(name);
    }

    static StorageException failed(final String what, final Path path, final IOException cause) {
        return StorageException.of(what + " " + path, cause);
    }
}
