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
    /** More numbers in a row than this are not given away without that anybody comes. */
    public static final int GAP_MAX = 1_000;

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
        return data(current());
    }

    /** Where the data of an incarnation that there has been is. */
    public Path data(final int number) {
        return number == 0 ? replica : dataOf(number);
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
     * Makes this process an incarnation, if no other is; then all lower ones are superseded. Numbers that were given
     * away and that nobody took are taken first: their holder may yet come, or have come where this process does not
     * see it yet, and then the data is not the last.
     *
     * <p>When this returns, files and marks are on disk: after a crash nobody goes on with what is over.
     *
     * @param number which, above {@code current}
     * @param current the highest one that there has been, as far as this process knows, whose data it would go on with
     * @param fresh whether it has a data directory of its own, or goes on with that
     * @return false if another process is it, or is one between the two
     */
    public boolean take(final int number, final int current, final boolean fresh) throws IOException {
        final boolean made = link(number, current, fresh);
        if (made) {
            supersede(number);
        }
        return made;
    }

    /** The first half of {@link #take}: the number is this process's, and nobody is superseded yet. */
    public boolean link(final int number, final int current, final boolean fresh) throws IOException {
        if (number <= current || number - current > GAP_MAX) {
            throw new IOException("incarnation: expected=" + (current + 1) + " .. " + (current + GAP_MAX) + " actual="
                + number);
        }
        final Path data = data(current);
        final String same = data.equals(replica) ? SAME_DATA : replica.relativize(data).toString();
        for (int next = current + 1; next <= number; next++) {
            if (!make(next, fresh && next == number ? DIRECTORY + "/" + number + ".data" : same)) {
                return false;
            }
        }
        return true;
    }

    /** The second half of {@link #take}, by whose number it is; may be done again. */
    public void supersede(final int number) throws IOException {
        mark(0, OVER);
        for (final int lower : numbers().headSet(number)) {
            mark(lower, OVER);
        }
        ClusterCreation.sync(replica.resolve(DIRECTORY));
        ClusterCreation.sync(replica);
    }

    private boolean make(final int number, final String data) throws IOException {
        Files.createDirectories(replica.resolve(DIRECTORY));
        return OnceFile.make(file(number, ""), data + "\n");
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
