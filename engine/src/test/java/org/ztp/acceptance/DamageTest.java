package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DamageTest {
    private static final Pattern HEIGHT = Pattern.compile("\"height\":(\\d+),\"view\"");
    @TempDir
    private Path directory;
    private Site site;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice", "bob");
        site.lines("lines", 3_000);
        site.randomFile("data", 200_000, 5);
        Files.writeString(site.file("policy"), "seekers = [\"bob.pub\"]\n");
        final Command service = site.service();
        site.inProcess("publish", site.file("data"), "--key", site.file("alice"), "--policy", site.file("policy"),
            "--chunk-size", "64KiB").expect(0);
        site.inProcess("record", site.file("lines"), "--key", site.file("alice")).expect(0);
        service.terminate().expect(0);
    }

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void anyByteThatIsAlteredIsFoundAndNamed() throws Exception {
        site.run("verify").expect(0);
        final List<Path> files = new ArrayList<>(Site.filesBelow(site.cluster().resolve("blobs")));
        assertEquals(4, files.size());
        for (int replica = 0; replica < 4; replica++) {
            files.addAll(Site.filesBelow(site.cluster().resolve("replicas/" + replica + "/journal")));
        }
        final Random random = new Random(17);
        for (int i = 0; i < 30; i++) {
            final Path file = files.get(i % files.size());
            final long at = random.nextLong(Files.size(file));
            flip(file, at);
            final String name = site.cluster().relativize(file).toString();
            final Ended found = (i == 0 ? site.run("verify") : site.inProcess("verify")).expect(5);
            assertTrue(found.out().lines().anyMatch(line -> line.matches("FAULT \\Q" + name + "\\E offset=\\d+.*: .+")),
                () -> name + " at " + at + ": " + found.out());
            assertTrue(found.err().contains("hint: "), found.err());
            flip(file, at);
        }
        site.inProcess("verify").expect(0);
    }

    @Test
    void aReplicaWhoseJournalLostItsTailStartsAndCatchesUp() throws Exception {
        final Random random = new Random(23);
        for (int i = 0; i < 6; i++) {
            final List<Path> segments = Site.filesBelow(site.cluster().resolve("replicas/" + i % 4 + "/journal"));
            try (RandomAccessFile journal = new RandomAccessFile(segments.get(segments.size() - 1).toFile(), "rw")) {
                journal.setLength(random.nextLong(journal.length()));
            }
            final Command service = site.service();
            site.inProcess("record", site.file("lines"), "--key", site.file("alice")).expect(0);
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
                final List<String> heights = heights();
                return heights.size() == 4 && heights.stream().distinct().count() == 1;
            });
            service.terminate().expect(0);
            site.inProcess("verify").expect(0);
        }
        assertEquals(7 * 3_000, site.run("log", "--local", "--json").expect(0).lines("\"RECORD\"", "\"ACCEPTED\""));
    }

    private List<String> heights() {
        final Matcher matcher = HEIGHT.matcher(site.inProcess("status", "--json").expect(0).out());
        return matcher.results().map(result -> result.group(1)).toList();
    }

    private static void flip(final Path file, final long at) throws Exception {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            final int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 0x10);
        }
    }
}
