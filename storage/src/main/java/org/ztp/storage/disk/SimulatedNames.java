package org.ztp.storage.disk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The directories of a simulated disk: the names that a process sees, and those that power cannot take. */
final class SimulatedNames {
    /** A name that was put, taken or changed and not yet forced. */
    private record Change(Optional<String> from, Optional<String> to, Optional<SimulatedFile> file) {
        boolean touches(final String directory) {
            return from.map(SimulatedNames::parent).filter(directory::equals).isPresent()
                || to.map(SimulatedNames::parent).filter(directory::equals).isPresent();
        }

        void applyTo(final Map<String, SimulatedFile> names) {
            from.ifPresent(names::remove);
            to.ifPresent(name -> names.put(name, file.orElseThrow()));
        }
    }

    private static final SimulatedFile DIRECTORY = new SimulatedFile();

    private final TreeMap<String, SimulatedFile> seen = new TreeMap<>();
    private final TreeMap<String, SimulatedFile> durable = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();

    static String parent(final String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    boolean contains(final String name) {
        return name.isEmpty() || seen.containsKey(name);
    }

    boolean isDirectory(final String name) {
        return name.isEmpty() || seen.get(name) == DIRECTORY;
    }

    Optional<SimulatedFile> file(final String name) {
        return Optional.ofNullable(seen.get(name)).filter(file -> file != DIRECTORY);
    }

    List<String> files() {
        return seen.keySet().stream().filter(name -> !isDirectory(name)).toList();
    }

    List<Disk.Entry> list(final String directory) {
        return seen.keySet().stream()
            .filter(name -> parent(name).equals(directory))
            .map(name -> new Disk.Entry(name.substring(name.lastIndexOf('/') + 1), isDirectory(name)))
            .toList();
    }

    long usedBytes() {
        return seen.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    void put(final String name, final SimulatedFile file) {
        change(new Change(Optional.empty(), Optional.of(name), Optional.of(file)));
    }

    void createDirectory(final String name) {
        if (!isDirectory(name)) {
            createDirectory(parent(name));
            put(name, DIRECTORY);
        }
    }

    void rename(final String from, final String to, final SimulatedFile file) {
        change(new Change(Optional.of(from), Optional.of(to), Optional.of(file)));
    }

    void delete(final String name) {
        change(new Change(Optional.of(name), Optional.empty(), Optional.empty()));
    }

    private void change(final Change change) {
        change.applyTo(seen);
        unforced.add(change);
    }

    /** As if it had always been there. */
    void putDurable(final String name, final SimulatedFile file) {
        for (String above = parent(name); !above.isEmpty(); above = parent(above)) {
            seen.put(above, DIRECTORY);
            durable.put(above, DIRECTORY);
        }
        seen.put(name, file);
        durable.put(name, file);
    }

    /** The earlier names of a file go with its last: a journaling file system keeps the order of its changes. */
    void force(final String directory) {
        final Set<SimulatedFile> files = Collections.newSetFromMap(new IdentityHashMap<>());
        unforced.stream().filter(change -> change.touches(directory)).forEach(change ->
            change.file().filter(file -> file != DIRECTORY).ifPresent(files::add));
        unforced.removeIf(change -> {
            final boolean forced = change.touches(directory) || change.file().filter(files::contains).isPresent();
            if (forced) {
                change.applyTo(durable);
            }
            return forced;
        });
    }

    /** Of the changes that were not forced the first so many stay; a file goes with its directory. */
    void losePower(final SplittableRandom random) {
        final int kept = random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(change -> change.applyTo(durable));
        unforced.clear();
        durable.keySet().removeIf(name -> !parent(name).isEmpty() && !durable.containsKey(parent(name)));
        durable.values().forEach(file -> file.losePower(random));
        seen.clear();
        seen.putAll(durable);
    }

    void clear() {
        seen.clear();
        durable.clear();
        unforced.clear();
    }
}
