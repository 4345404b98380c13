package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HostileClientTest {
    @TempDir
    private Path directory;
    private Site site;
    private Command service;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice", "bob");
        site.lines("lines", 5_000);
        service = site.service();
    }

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void aClientThatIsKilledInTheMiddleOfASubmissionDisturbsNobody() throws Exception {
        final String submission = "aa".repeat(16);
        final Command killed = site.start("record", "-", "--key", site.file("alice"), "--submission", submission);
        final OutputStream stdin = killed.stdin();
        stdin.write(Files.readAllBytes(site.file("lines")));
        stdin.flush();
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> connections().size() == 1);
        killed.kill().expect(137);
        site.run("record", site.file("lines"), "--key", site.file("bob")).expect(0);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> connections().isEmpty());
        site.run("record", site.file("lines"), "--key", site.file("alice"), "--submission", submission).expect(0);
        assertEquals(10_000, site.run("log", "--json").expect(0).lines("\"outcome\":\"ACCEPTED\""));
        assertTrue(service.isAlive());
    }

    @Test
    void aClientThatWritesAnyBytesIntoItsRingHarmsItselfAlone() throws Exception {
        final Random random = new Random(11);
        for (int round = 0; round < 3; round++) {
            final Command hostile = site.start("record", "-", "--key", site.file("alice"));
            hostile.stdin().write(Files.readAllBytes(site.file("lines")));
            hostile.stdin().flush();
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> connections().size() == 1);
            scribble(connections().get(0), random, round);
            hostile.stdin().write(Files.readAllBytes(site.file("lines")));
            hostile.stdin().flush();
            hostile.kill().expect(137);
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> connections().isEmpty());
        }
        try (FileChannel door = FileChannel.open(site.meetingPlace().resolve("door"), StandardOpenOption.WRITE)) {
            door.write(bytes(random, (int) door.size()), 0);
        }
        site.run("record", site.file("lines"), "--key", site.file("bob"), "--entity", "whole").expect(0);
        assertEquals(5_000, site.run("log", "--json", "--entity", "whole").expect(0).lines("\"outcome\":\"ACCEPTED\""));
        service.terminate().expect(0);
    }

    /** Writes over the words at the front, the rings, or all of it. */
    private static void scribble(final Path connection, final Random random, final int round) throws Exception {
        try (FileChannel file = FileChannel.open(connection, StandardOpenOption.WRITE)) {
            final int from = round == 1 ? 4_096 : 0;
            final int to = round == 0 ? 4_096 : (int) file.size();
            file.write(bytes(random, to - from), from);
        }
    }

    private static ByteBuffer bytes(final Random random, final int count) {
        final byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private List<Path> connections() throws Exception {
        try (Stream<Path> files = Files.list(site.meetingPlace())) {
            return files.filter(file -> file.getFileName().toString().startsWith("c-")).toList();
        }
    }
}
