package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ServiceLifeTest {
    private static final int LINES = 100_000;
    @TempDir
    private Path directory;
    private Site site;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice");
    }

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void everyLineIsRecordedOnceThoughTheServiceIsKilledThreeTimes() throws Exception {
        final Path lines = site.lines("lines", LINES);
        final String submission = "0123456789abcdef0123456789abcdef";
        Command service = site.service();
        final Command client = site.start("record", "-", "--key", site.file("alice"), "--entity", "run 7",
            "--submission", submission);
        final byte[] input = Files.readAllBytes(lines);
        try (OutputStream stdin = client.stdin()) {
            for (int quarter = 0; quarter < 4; quarter++) {
                if (quarter > 0) {
                    service.kill().expect(137);
                    service = site.service();
                }
                stdin.write(input, quarter * (input.length / 4), quarter < 3 ? input.length / 4
                    : input.length - 3 * (input.length / 4));
            }
        }
        final Ended recorded = client.await().expect(0);
        assertTrue(recorded.lastLine().startsWith(LINES + " records are final"), recorded.out());
        final Ended log = site.run("log", "--json").expect(0);
        assertEquals(LINES, site.run("log", "--entity", "run 7").expect(0).lines("ACCEPTED"));
        assertEquals(LINES, log.lines("\"kind\":\"RECORD\"", "\"outcome\":\"ACCEPTED\""));
        assertEquals(LINES, log.out().lines().filter(line -> line.contains("\"outcome\":\"ACCEPTED\""))
            .map(line -> line.replaceAll(".*\"transaction\":\"([^\"]*)\".*", "$1")).distinct().count());
        final String again = site.run("record", lines, "--key", site.file("alice"), "--entity", "run 7", "--submission",
            submission, "--json").expect(0).out();
        assertTrue(again.contains("\"bundles\":100") && again.contains("\"alreadyThere\":100"), again);
        service.terminate().expect(0);
        site.run("verify").expect(0);
    }

    @Test
    void aServiceThatIsToldToStopDrainsAndTheNextOneHasItAll() throws Exception {
        final Command service = site.service();
        final Command client = site.start("record", "-", "--key", site.file("alice"));
        try (OutputStream stdin = client.stdin()) {
            stdin.write(Files.readAllBytes(site.lines("lines", 20_000)));
            final Ended stopped = service.terminate().expect(0);
            assertTrue(stopped.err().contains("stopping"), stopped.err());
            assertFalse(Files.exists(site.meetingPlace()));
            site.service();
            stdin.write("the last one\n".getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(client.await().expect(0).lastLine().startsWith("20001 records are final"));
        assertEquals(20_001, site.run("log", "--json").expect(0).lines("\"outcome\":\"ACCEPTED\""));
    }

    @Test
    void aRecordingThatIsToldToStopNamesWhatItHasNotFinished() throws Exception {
        site.service();
        final Path lines = site.lines("lines", LINES);
        final Command client = site.start("record", "-", "--key", site.file("alice"));
        final Ended stopped;
        try (OutputStream stdin = client.stdin()) {
            stdin.write(Files.readAllBytes(lines));
            stopped = client.terminate().expect(143);
        }
        final Matcher told = Pattern.compile("ztp: stopped by a signal; \\d+ bundles are final\nhint: run it again "
            + "with --submission ([0-9a-f]{32}): nothing is recorded twice\n").matcher(stopped.err());
        assertTrue(told.matches(), stopped.err());
        site.run("record", lines, "--key", site.file("alice"), "--submission", told.group(1)).expect(0);
        assertEquals(LINES, site.run("log", "--json").expect(0).lines("\"outcome\":\"ACCEPTED\""));
    }

    @Test
    void aDirectoryIsServedOnce() throws Exception {
        site.service();
        site.run("start").expect(4).complains("a service runs for");
        site.run("log", "--local").expect(4);
        site.run("init", "--replicas", 4).expect(2).complains("exists already");
        site.run("status").expect(0);
    }

    @Test
    void withoutAServiceCommandsSaySoAndRunTheReplicasThemselvesIfTold() throws Exception {
        final Path lines = site.lines("lines", 10);
        final Path other = site.file("other");
        site.run("init", "--replicas", 4, "--dir", other).expect(0);
        site.run("keygen", site.file("carol")).expect(0);
        site.run("record", lines, "--key", site.file("carol"), "--dir", other, "--local").expect(0);
        site.run("status").expect(4).complains("no service");
        site.run("log").expect(4).complains("no service");
        site.run("record", lines, "--key", site.file("alice")).expect(4).complains("no service");
        site.run("record", lines, "--key", site.file("alice"), "--local").expect(0);
        assertEquals(10, site.run("log", "--local", "--json").expect(0).lines("\"outcome\":\"ACCEPTED\""));
        site.run("status", "--dir", site.file("nowhere")).expect(2).complains("nowhere");
    }
}
