package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.Submitted.Status;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;

/** A bundle whose sequence is too far ahead, alone on a quiet service, where the same bundle is the same batch each time. */
@Timeout(120)
class LateBundlesTest {
    private static final int AHEAD = 1_024;
    @TempDir
    private Path root;
    private ServedLedger ledger;

    @BeforeEach
    void start() throws Exception {
        ledger = new ServedLedger(root.resolve("cluster"));
        ledger.start(Map.of());
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private Status submit(final long sequence) throws Exception {
        return ((Submitted) ledger.submit(sequence).get(30, TimeUnit.SECONDS)).status();
    }

    @Test
    void aBundleThatWasTooFarAheadCountsOnceTheGapBeforeItIsFilled() throws Exception {
        assertEquals(Status.TOO_FAR_AHEAD, submit(AHEAD + 1));
        assertEquals(Status.TOO_FAR_AHEAD, submit(AHEAD + 1));
        assertEquals(Status.FINAL, submit(0));
        assertEquals(Status.FINAL, submit(AHEAD + 1));
        assertEquals(Status.DUPLICATE, submit(AHEAD + 1));
    }

    private void harm(final int replica, final Harm harm) throws Exception {
        ledger.call(new ServiceRequest.Fault(replica, harm));
    }

    /** With two replicas that hang, one bundle is on its way, and another waits that is too far ahead while it is missing. */
    private List<CompletableFuture<ServiceReply>> handInWithAGap() throws Exception {
        harm(2, Harm.HANG);
        harm(3, Harm.HANG);
        final CompletableFuture<ServiceReply> first = ledger.submit(0);
        Awaitility.await().until(() -> ledger.status().contains("\"openBatches\":1"));
        final CompletableFuture<ServiceReply> second = ledger.submit(AHEAD + 1);
        Awaitility.await().until(() -> ledger.status().contains("\"pendingBundles\":2"));
        return List.of(first, second);
    }

    private void goOn(final List<CompletableFuture<ServiceReply>> replies) throws Exception {
        harm(2, Harm.RESUME);
        harm(3, Harm.RESUME);
        for (final CompletableFuture<ServiceReply> reply : replies) {
            assertEquals(Status.FINAL, ((Submitted) reply.get(30, TimeUnit.SECONDS)).status());
        }
    }

    @Test
    void aBundleThatIsTooFarAheadOfAStateWaitsForWhatIsOnItsWay() throws Exception {
        goOn(handInWithAGap());
    }

    @Test
    void itWaitsAlsoWhileWhatIsMissingIsDrivenAgain() throws Exception {
        final List<CompletableFuture<ServiceReply>> replies = handInWithAGap();
        harm(1, Harm.STOP);
        harm(1, Harm.RESUME);
        goOn(replies);
    }

    @Test
    void bundlesThatAreTooFarAheadTakeNobodysRoom() throws Exception {
        for (int i = 0; i < 70; i++) {
            assertEquals(Status.TOO_FAR_AHEAD, submit(AHEAD + 1 + i));
            assertEquals(Status.TOO_FAR_AHEAD, submit(AHEAD + 1 + i));
        }
        assertEquals(Status.FINAL, submit(0));
    }
}
