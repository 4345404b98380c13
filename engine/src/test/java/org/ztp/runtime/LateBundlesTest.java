package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
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

    @Test
    void aBundleThatIsTooFarAheadOfAStateWaitsForWhatIsOnItsWay() throws Exception {
        ledger.call(new ServiceRequest.Fault(2, ServiceRequest.Fault.Harm.HANG));
        ledger.call(new ServiceRequest.Fault(3, ServiceRequest.Fault.Harm.HANG));
        final CompletableFuture<ServiceReply> first = ledger.submit(0);
        Awaitility.await().until(() -> ledger.status().contains("\"openBatches\":1"));
        final CompletableFuture<ServiceReply> second = ledger.submit(AHEAD + 1);
        Awaitility.await().until(() -> ledger.status().contains("\"pendingBundles\":2"));
        ledger.call(new ServiceRequest.Fault(2, ServiceRequest.Fault.Harm.RESUME));
        ledger.call(new ServiceRequest.Fault(3, ServiceRequest.Fault.Harm.RESUME));
        assertEquals(Status.FINAL, ((Submitted) first.get(30, TimeUnit.SECONDS)).status());
        assertEquals(Status.FINAL, ((Submitted) second.get(30, TimeUnit.SECONDS)).status());
    }

    @Test
    void itWaitsAlsoWhileWhatIsMissingIsDrivenAgain() throws Exception {
        for (int replica = 2; replica < 4; replica++) {
            ledger.call(new ServiceRequest.Fault(replica, ServiceRequest.Fault.Harm.HANG));
        }
        final CompletableFuture<ServiceReply> first = ledger.submit(0);
        Awaitility.await().until(() -> ledger.status().contains("\"openBatches\":1"));
        final CompletableFuture<ServiceReply> second = ledger.submit(AHEAD + 1);
        Awaitility.await().until(() -> ledger.status().contains("\"pendingBundles\":2"));
        ledger.call(new ServiceRequest.Fault(1, ServiceRequest.Fault.Harm.STOP));
        for (int replica = 1; replica < 4; replica++) {
            ledger.call(new ServiceRequest.Fault(replica, ServiceRequest.Fault.Harm.RESUME));
        }
        assertEquals(Status.FINAL, ((Submitted) first.get(30, TimeUnit.SECONDS)).status());
        assertEquals(Status.FINAL, ((Submitted) second.get(30, TimeUnit.SECONDS)).status());
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
