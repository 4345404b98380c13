package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.client.ring.RingConnection;

/** Two sub-clusters of four, of which one is gone: what users see of it. */
@Timeout(180)
final class HaltedSubClusterTest {
    @TempDir
    private Path directory;
    private Site site;

    @AfterEach
    void clean() throws Exception {
        site.close();
    }

    @Test
    void whatCanBeReadIsShownAndTheSubClusterThatIsOutIsNamed() throws Exception {
        site = new Site(directory).keys("alice");
        site.inProcess("init", "--replicas", 8, "--sub-cluster-size", 4).expect(0);
        final Command service = site.service("--allow-faults");
        for (int i = 0; i < 8; i++) { // the name of a submission decides where its records go
            site.inProcess("record", site.lines("lines", 10), "--key", site.file("alice"), "--submission",
                "%032x".formatted(i)).expect(0);
        }
        final Ended whole = site.inProcess("log", "--json").expect(0);
        assertEquals(80, whole.lines("\"kind\":\"RECORD\""));
        final long there = whole.lines("\"subCluster\":0");
        assertTrue(there > 0 && there < 80, "records in sub-cluster 0: " + there);
        try (RingConnection connection = RingConnection.connect(site.cluster())) {
            for (int replica = 4; replica < 8; replica++) {
                assertEquals(new ServiceReply.Done(), connection.call(new ServiceRequest.Fault(replica, Harm.STOP))
                    .get(30, TimeUnit.SECONDS));
            }
        }
        final Ended rest = site.inProcess("log", "--json").expect(4);
        assertTrue(rest.err().startsWith("ztp: sub-cluster 1 did not answer") && rest.err().contains("hint: "), rest.err());
        assertEquals(there, rest.lines("\"subCluster\":0"));
        assertEquals(there, rest.lines("\"kind\""));
        final Ended status = site.inProcess("status").expect(0);
        assertEquals(1, status.lines("sub-cluster 1: NO quorum of 3"));
        site.inProcess("receipt", name(whole, 0)).expect(0);
        site.inProcess("receipt", name(whole, 1)).expect(4).complains("sub-cluster 1");
        service.terminate().expect(0);
        site.inProcess("verify").expect(0);
    }

    /** A transaction of a sub-cluster. */
    private static String name(final Ended log, final int subCluster) {
        return log.out().lines().filter(line -> line.contains("\"subCluster\":" + subCluster)).findFirst().orElseThrow()
            .replaceAll(".*\"transaction\":\"([^\"]*)\".*", "$1");
    }
}
