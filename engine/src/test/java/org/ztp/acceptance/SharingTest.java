package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SharingTest {
    private static final int CHUNK = 4 << 20;
    private static final List<String> SMALL_HEAP = List.of("-Xmx96m");
    @TempDir
    private Path directory;
    private Site site;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice", "bob", "carol", "dave", "mallory");
        site.service();
    }

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void theSeekerOfThePolicyGetsTheBytesUntilItIsRevokedAndAStrangerNever() throws Exception {
        final byte[] plain = Files.readAllBytes(site.randomFile("data", 48 << 20, 1));
        Files.writeString(site.file("policy"), "seekers = [\"bob.pub\"]\n");
        final String dataset = site.start(SMALL_HEAP, "publish", site.file("data"), "--key", site.file("alice"),
            "--policy", site.file("policy")).await().expect(0).lastLine();
        site.start(SMALL_HEAP, request(dataset, "bob")).await().expect(0);
        assertArrayEquals(plain, Files.readAllBytes(site.file("out")));
        site.run(request(dataset, "bob", "--chunks", "2-4")).expect(0);
        assertArrayEquals(Arrays.copyOfRange(plain, 2 * CHUNK, 5 * CHUNK), Files.readAllBytes(site.file("out")));
        Files.delete(site.file("out"));
        site.run(request(dataset, "mallory")).expect(3).complains("rule seekers");
        site.run("revoke", dataset, "--key", site.file("alice"), "--seeker", site.file("bob.pub")).expect(0);
        site.run(request(dataset, "bob")).expect(3).complains("rule seekers");
        assertFalse(Files.exists(site.file("out")));
        final Ended log = site.run("log", "--dataset", dataset, "--json").expect(0);
        assertEquals(2, log.lines("\"kind\":\"REQUEST\"", "\"outcome\":\"ALLOWED\""));
        assertEquals(2, log.lines("\"kind\":\"REQUEST\"", "\"outcome\":\"DENIED\""));
    }

    @Test
    void theRulesOfAPolicyAreKept() throws Exception {
        site.randomFile("data", 100_000, 2);
        final String dataset = publish("seekers = [\"bob.pub\"]\nrules { max-requests = 1, purpose = required }\n");
        site.run(request(dataset, "bob")).expect(3).complains("purpose");
        site.run(request(dataset, "bob", "--purpose", "science")).expect(0);
        assertEquals(-1, Files.mismatch(site.file("data"), site.file("out")));
        site.run(request(dataset, "bob", "--purpose", "more science")).expect(3).complains("max-requests");
    }

    @Test
    void aRequestWaitsForAsManyApprovalsAsThePolicySays() throws Exception {
        site.randomFile("data", 100_000, 3);
        final String dataset = publish("seekers = [\"bob.pub\"]\nrules { approvals { count = 2, approvers = "
            + "[\"carol.pub\", \"dave.pub\", \"alice.pub\"] } }\n");
        final Command request = site.start(request(dataset, "bob"));
        final String id = Awaitility.await().atMost(60, TimeUnit.SECONDS).until(request::err, text ->
            text.contains(" --key APPROVER")).replaceAll("(?s).*ztp approve (\\S+) --key.*", "$1");
        site.run("approve", id, "--key", site.file("mallory")).expect(3);
        site.run("approve", id, "--key", site.file("carol")).expect(0);
        assertTrue(request.isAlive());
        assertEquals(1, site.run("log", "--dataset", dataset, "--json").expect(0).lines("\"kind\":\"REQUEST\"",
            "\"outcome\":\"PENDING\""));
        assertFalse(Files.exists(site.file("out")));
        site.run("approve", id, "--key", site.file("dave")).expect(0);
        request.await().expect(0);
        assertEquals(-1, Files.mismatch(site.file("data"), site.file("out")));
    }

    private String publish(final String policy) throws Exception {
        Files.writeString(site.file("policy"), policy);
        return site.run("publish", site.file("data"), "--key", site.file("alice"), "--policy", site.file("policy"),
            "--chunk-size", "16KiB").expect(0).lastLine();
    }

    private Object[] request(final String dataset, final String who, final Object... more) {
        final Object[] words = {"request", dataset, "--key", site.file(who), "--out", site.file("out")};
        final Object[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }
}
