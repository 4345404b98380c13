package org.ztp.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The incarnations of one replica as files, so that one process alone can be each of them, and a superseded one finds
 * that it is. All processes must see the same directory.
 *
 * <pre>
 *   incarnations/K          made by link(2), once: the process that made it is incarnation K. Holds where its data is,
 *                           below the replica's directory: "." or "incarnations/K.data". Incarnation 0 needs no file.
 *   incarnations/K.over     K is superseded
 *   incarnations/K.ended    the process of K is known to have ended: who saw it end, or the operator, says so
 * </pre>
 *
 * @param replica the replica's directory
 */
public record IncarnationFiles(Path replica) {
    private static final String DIRECTORY = "incarnations";
    private static final String OVER = ".over";
    private static final String ENDED = ".ended";
    private static final String SAME_DATA = ".";

    /** The highest incarnation that there has been. */
    public int current() {
        final TreeSet<Integer> numbers = numbers();
        return numbers.isEmpty() ? 0 : numbers.last();
    }

    /**
     * Where the data of the highest incarnation is: journal, safety record and state are below it.
     *
     * @throws UncheckedIOException if that cannot be read
     */
    public Path data() {
        final int current = current();
        return current == 0 ? replica : dataOf(current);
    }

    /** Where an incarnation that begins with no data has its own. */
    public Path freshData(final int number) {
        return replica.resolve(DIRECTORY).resolve(number + ".data");
    }

    private Path dataOf(final int number) {
        try {
            final String told = Files.readString(file(number, "")).strip();
            if (!told.equals(SAME_DATA) && !told.matches(DIRECTORY + "/[1-9][0-9]{0,8}\\.data")) {
                throw new IOException(file(number, "") + " does not say where the data is: " + told);
            }
            return replica.resolve(told).normalize();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Makes this process an incarnation, if no other is; then all lower ones are superseded.
     *
     * @param number which, above 0
     * @param fresh whether it has a data directory of its own, or goes on with the one that there is
     * @return false if another process is it
     */
    public boolean take(final int number, final boolean fresh) throws IOException {
        final Path data = data();
        final Path draft = Files.createTempFile(Files.createDirectories(replica.resolve(DIRECTORY)), "draft", "");
        try {
            Files.writeString(draft, fresh ? DIRECTORY + "/" + number + ".data\n"
                : (data.equals(replica) ? SAME_DATA : replica.relativize(data)) + "\n");
            Files.createLink(file(number, ""), draft);
        } catch (final FileAlreadyExistsException other) {
            return false;
        } finally {
            Files.delete(draft);
        }
        mark(0, OVER);
        for (final int lower : numbers().headSet(number)) {
            mark(lower, OVER);
        }
        return true;
    }

    /** The mark of a superseded incarnation; looked at before each write of a safety record. */
    public File overMark(final int number) {
        return file(number, OVER).toFile();
    }

    /** Notes that the process of an incarnation has ended for good. */
    public void noteEnded(final int number) throws IOException {
        Files.createDirectories(replica.resolve(DIRECTORY));
        mark(number, ENDED);
    }

    /** Whether the process of an incarnation is known to have ended. */
    public boolean isEnded(final int number) {
        return Files.exists(file(number, ENDED));
    }

    /**
     * A process goes on with an incarnation, as after a restart: its owner before has ended, but the incarnation has
     * not.
     */
    public void goOn(final int number) throws IOException {
        Files.deleteIfExists(file(number, ENDED));
    }

    private void mark(final int number, final String mark) throws IOException {
        try {
            Files.createFile(file(number, mark));
        } catch (final FileAlreadyExistsException marked) {
            return; // by whoever was here before
        }
    }

    private Path file(final int number, final String mark) {
        return replica.resolve(DIRECTORY).resolve(number + mark);
    }

    private TreeSet<Integer> numbers() {
        final Path directory = replica.resolve(DIRECTORY);
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            } catch (final IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        final TreeSet<Integer> numbers = new TreeSet<>();
        names.stream().filter(name -> name.matches("[1-9][0-9]{0,8}")).forEach(name -> numbers.add(Integer.valueOf(name)));
        return numbers;
    }
}
