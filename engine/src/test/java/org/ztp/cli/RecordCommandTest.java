package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;

@Timeout(60)
class RecordCommandTest {
    @TempDir
    private static Path directory;
    private static SharingCluster service;
    private static Path cluster;
    private static Path key;

    @BeforeAll
    static void start() throws Exception {
        service = new SharingCluster(directory);
        cluster = service.root();
        key = service.key("alice");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void honest() {
        service.answerBy(service.service);
    }

    @Test
    void linesBecomeFinalOnceHoweverOftenTheyAreSubmitted() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "line\n".repeat(12_345));
        final String submission = "00112233445566778899aabbccddeeff";
        final Run first = record(file, submission);
        assertEquals("12345 records are final\n", first.out());
        final AtomicInteger bundles = new AtomicInteger();
        service.answerBy((request, reply) -> {
            bundles.addAndGet(request instanceof ServiceRequest.Submit ? 1 : 0);
            service.service.handle(request, reply);
        });
        final Run second = record(file, submission);
        assertEquals("12345 records are final (13 of 13 bundles were already)\n", second.out());
        assertEquals(13, bundles.get());
    }

    @Test
    void theDocumentNamesTheSubmission() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "a\nb");
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--json", "--entity", "sample");
        assertEquals(0, run.exit(), run.err());
        final var document = ConfigFactory.parseString(run.out());
        assertEquals(2, document.getInt("records"));
        assertTrue(document.getString("submission").matches("[0-9a-f]{32}"));
    }

    @Test
    void aSubmissionThatCouldNotFinishIsNamedInTheHint() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "never\n");
        service.answerBy((request, reply) -> { });
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--timeout", "0.2");
        assertEquals(4, run.exit());
        assertTrue(run.err().matches("(?s)ztp: nothing became final within 0.2 s; 0 bundles are final\nhint: run it again "
            + "with --submission [0-9a-f]{32}: nothing is recorded twice\n"), run.err());
    }

    @Test
    void linesBeforeABadOneBecomeFinalAndTheSubmissionIsNamed() throws Exception {
        final Path file = Files.writeString(directory.resolve("lines"), "line\n".repeat(2_500));
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(65 << 20);
        }
        final Run bad = Run.ztp("record", file, "--dir", cluster, "--key", key);
        assertEquals(2, bad.exit(), bad.err());
        final Matcher told = Pattern.compile("ztp: line 2501 is too long: limit=\\d+ bytes; 2 bundles are final\nhint: "
            + ".*; run it again with --submission ([0-9a-f]{32}): nothing is recorded twice\n").matcher(bad.err());
        assertTrue(told.matches(), bad.err());
        Files.writeString(file, "line\n".repeat(2_501));
        assertEquals("2501 records are final (2 of 3 bundles were already)\n", record(file, told.group(1)).out());
    }

    @Test
    void badOptionsAreExitTwo() {
        assertEquals(2, Run.ztp("record", "-", "--dir", cluster, "--key", key, "--submission", "12").exit());
        assertEquals(2, Run.ztp("record", "-", "--dir", cluster, "--key", key.resolveSibling("none")).exit());
        assertEquals(2, Run.ztp("record", directory.resolve("none"), "--dir", cluster, "--key", key).exit());
    }

    @Test
    void statusIsShownInWordsOrAsJson() {
        final String status = "{\"chain\":\"7a\",\"startedMillis\":1,\"subClusters\":[],\"faults\":{},"
            + "\"lastFaults\":[]}";
        service.answerBy((request, reply) -> reply.accept(new ServiceReply.StatusText(status)));
        assertTrue(Run.ztp("status", "--dir", cluster).out().startsWith("chain 7a\nup "));
        assertEquals(status + "\n", Run.ztp("status", "--dir", cluster, "--json").out());
    }

    private static Run record(final Path file, final String submission) {
        final Run run = Run.ztp("record", file, "--dir", cluster, "--key", key, "--submission", submission);
        assertEquals(0, run.exit(), run.err());
        return run;
    }
}
