package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.client.ring.RingConnection;

@Timeout(180)
class FaultyReplicasTest {
    @TempDir
    private Path directory;
    private Site site;
    private Command service;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice", "bob");
        site.lines("lines", 1_000);
        site.randomFile("data", 1 << 20, 5);
        Files.writeString(site.file("policy"), "seekers = [\"bob.pub\"]\n");
        service = site.service("--allow-faults");
    }

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void oneReplicaOfFourMayStopOrHangAndEverythingGoesOn() throws Exception {
        harm(1, Harm.STOP);
        final String dataset = publish();
        request(dataset);
        harm(1, Harm.RESUME);
        harm(0, Harm.HANG);
        site.run("record", site.file("lines"), "--key", site.file("alice")).expect(0);
        request(dataset);
        request(publish());
        harm(0, Harm.RESUME);
        site.run("record", site.file("lines"), "--key", site.file("alice")).expect(0);
        service.terminate().expect(0);
        site.run("verify").expect(0);
    }

    @Test
    void withoutAQuorumNothingIsSaidToBeFinalAndItGoesOnByItself() throws Exception {
        final String dataset = publish();
        harm(2, Harm.STOP);
        harm(3, Harm.HANG);
        final Command patient = site.start("record", site.file("lines"), "--key", site.file("bob"));
        final long startNs = System.nanoTime();
        final Ended unfinished = site.run("record", site.file("lines"), "--key", site.file("alice"), "--timeout", "5")
            .expect(4).complains("5.0 s");
        assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(30), unfinished.err());
        site.run("request", dataset, "--key", site.file("bob"), "--out", site.file("out"), "--timeout", "1").expect(4)
            .complains("1.0 s");
        assertTrue(patient.isAlive());
        harm(3, Harm.RESUME);
        patient.await().expect(0);
        final String submission = unfinished.err().replaceAll("(?s).*--submission ([0-9a-f]{32}).*", "$1");
        site.run("record", site.file("lines"), "--key", site.file("alice"), "--submission", submission).expect(0);
        assertEquals(2_000, site.run("log", "--json").expect(0).lines("\"kind\":\"RECORD\"", "\"ACCEPTED\""));
        request(dataset);
        service.terminate().expect(0);
        site.run("verify").expect(0);
    }

    @Test
    void aReplicaThatGivesWrongSharesIsNamedOnTheLedgerAndTheSeekerIsServed() throws Exception {
        final String dataset = publish();
        harm(2, Harm.WRONG_SHARES);
        boolean named = false;
        for (int i = 0; i < 12 && !named; i++) {
            named = request(dataset).err().contains("the proof against replica 2 is on the ledger");
        }
        assertTrue(named);
        assertEquals(1, site.run("log", "--json").expect(0).lines("\"kind\":\"EVIDENCE\"", "replica 2"));
        service.terminate().expect(0);
        site.run("verify").expect(0);
    }

    @Test
    void aServiceThatWasNotStartedForItLetsNobodyDisturbItsReplicas() throws Exception {
        service.terminate().expect(0);
        site.service();
        try (RingConnection connection = RingConnection.connect(site.cluster())) {
            assertInstanceOf(ServiceReply.Refused.class, connection.call(new ServiceRequest.Fault(0, Harm.STOP))
                .get(30, TimeUnit.SECONDS));
        }
    }

    private void harm(final int replica, final Harm harm) throws Exception {
        try (RingConnection connection = RingConnection.connect(site.cluster())) {
            assertEquals(new ServiceReply.Done(), connection.call(new ServiceRequest.Fault(replica, harm))
                .get(30, TimeUnit.SECONDS));
        }
    }

    private String publish() throws Exception {
        return site.run("publish", site.file("data"), "--key", site.file("alice"), "--policy", site.file("policy"),
            "--chunk-size", "64KiB").expect(0).lastLine();
    }

    private Ended request(final String dataset) throws Exception {
        final Ended request = site.run("request", dataset, "--key", site.file("bob"), "--out", site.file("out"))
            .expect(0);
        assertEquals(-1, Files.mismatch(site.file("data"), site.file("out")));
        return request;
    }
}
