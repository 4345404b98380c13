package org.ztp.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.ztp.slurm.TestBed.Answer;

/** A ledger in a test bed: its directory beside others that all nodes share, and the jobs of {@code ztp.sbatch}. */
final class Ledger {
    private static final long PATIENCE_S = 90;
    private static final Pattern PLACE = Pattern.compile("rank ([0-9]+) has pid ([0-9]+) on (node[0-9]+)");
    private static final Pattern TIME = Pattern.compile("\"time\":\"([^\"]*)\"");

    private final TestBed bed;
    private final String name;
    private final Path home = Path.of(System.getProperty("ztp.home"));
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** Where a rank runs. */
    record Place(long pid, String node) { }

    /** A ledger of that name in the test bed's shared directory, made by its first job. */
    Ledger(final TestBed bed, final String name) {
        this.bed = bed;
        this.name = name;
        set("ZTP_DIR", directory().toString());
        set("ZTP_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        set("OMPI_ALLOW_RUN_AS_ROOT", "1"); // the test bed's only user
        set("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    }

    /** Sets a variable for jobs. */
    Ledger set(final String variable, final String value) {
        environment.put(variable, value);
        return this;
    }

    /** What starts its ranks. */
    String launcher() {
        return environment.getOrDefault("ZTP_LAUNCH", "srun");
    }

    Path directory() {
        return bed.shared().resolve(name);
    }

    /** A file beside the ledger. */
    Path file(final String file) {
        return bed.shared().resolve(name + "." + file);
    }

    /** Submits {@code slurm/ztp.sbatch}. */
    String submit(final String... options) {
        final List<String> words = new ArrayList<>(List.of("--time=5", "--output=" + name + ".%j"));
        words.addAll(List.of(options));
        words.add("--export=ALL");
        words.add(home.resolve("slurm/ztp.sbatch").toString());
        final List<String> line = new ArrayList<>(List.of("env"));
        environment.forEach((variable, value) -> line.add(variable + "=" + value));
        line.addAll(List.of("sbatch", "--parsable"));
        line.addAll(words);
        return bed.head(line.toArray(String[]::new)).orThrow();
    }

    /** What a job has said so far. */
    String said(final String job) {
        try {
            final Path file = file(job);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (final IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    /** Returns when a job has said something at the beginning of a line. */
    void awaitSaid(final String job, final String words) {
        awaitSaid(job, words, 1);
    }

    /** Returns when a job has said something at the beginning of so many lines. */
    void awaitSaid(final String job, final String words, final int times) {
        Awaitility.await(words).pollInterval(Duration.ofMillis(300)).atMost(PATIENCE_S, TimeUnit.SECONDS).until(() -> {
            final boolean runs = bed.runs(job);
            if (said(job).lines().filter(line -> line.startsWith(words)).count() >= times) {
                return true;
            }
            if (!runs) {
                throw new IllegalStateException("expected=" + words + " of a job that is " + bed.jobState(job)
                    + " actual=" + said(job) + "\n" + bed.told(job));
            }
            return false;
        });
    }

    /** Submits a job and returns when its ranks serve. */
    String start(final String... options) {
        final String job = submit(options);
        awaitSaid(job, "ready ");
        return job;
    }

    /** Tells a job to end in order, and returns when it has, with its state. */
    String stop(final String job) {
        tellToStop(job);
        return bed.awaitEnd(job);
    }

    /** Tells a job to end in order. */
    void tellToStop(final String job) {
        bed.head("scancel", "--batch", "--signal=TERM", job).orThrow();
    }

    /** Where the ranks of a job run. */
    Map<Integer, Place> places(final String job) {
        final Map<Integer, Place> places = new LinkedHashMap<>();
        final Matcher told = PLACE.matcher(said(job));
        while (told.find()) {
            places.put(Integer.parseInt(told.group(1)), new Place(Long.parseLong(told.group(2)), told.group(3)));
        }
        return places;
    }

    /** The words of a command, for this ledger. */
    String[] words(final String... words) {
        final List<String> line = new ArrayList<>(List.of(home.resolve("engine/bin/ztp").toString(), words[0], "--dir",
            directory().toString()));
        line.addAll(List.of(words).subList(1, words.length));
        return line.toArray(String[]::new);
    }

    /** Runs a command on a node. */
    Answer on(final String node, final String... words) {
        return bed.on(node, words(words));
    }

    /** The rank that leads, as a node sees it. */
    int leader(final String node) {
        return Integer.parseInt(field(node, "leader"));
    }

    /** The final height, as a node sees it. */
    long height(final String node) {
        return Long.parseLong(field(node, "height"));
    }

    private String field(final String node, final String field) {
        final String status = on(node, "status", "--json").orThrow();
        final Matcher found = Pattern.compile("\"" + field + "\":([0-9]+)").matcher(status);
        if (!found.find()) {
            throw new IllegalStateException(status);
        }
        return found.group(1);
    }

    /** The longest time between two blocks, milliseconds; not counting the pause before the first of them. */
    long longestGapMillis(final String node, final long above) {
        final TreeSet<Instant> times = new TreeSet<>();
        log(node, "--since", Long.toString(above)).forEach(line -> {
            final Matcher time = TIME.matcher(line);
            if (time.find()) {
                times.add(Instant.parse(time.group(1)));
            }
        });
        long longest = 0;
        Instant before = times.first();
        for (final Instant time : times) {
            longest = Math.max(longest, time.toEpochMilli() - before.toEpochMilli());
            before = time;
        }
        return longest;
    }

    /** The ledger's log, one transaction a line. */
    Stream<String> log(final String node, final String... options) {
        final List<String> words = new ArrayList<>(List.of("log", "--json"));
        words.addAll(List.of(options));
        return on(node, words.toArray(String[]::new)).orThrow().lines();
    }

    /** Makes a key. */
    Ledger key(final String who) {
        bed.head(home.resolve("engine/bin/ztp").toString(), "keygen", file(who).toString()).orThrow();
        return this;
    }
}
