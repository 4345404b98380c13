package org.ztp.client.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;

@Timeout(60)
class OtherProcessTest {
    @TempDir
    private Path cluster;

    @Test
    void aClientThatDiesInTheMiddleOfARequestIsCleanedUp() throws Exception {
        final PortLimits limits = new PortLimits(4, 64 << 10, 1 << 20, 8, "");
        try (ClientPort port = ClientPort.open(cluster, limits, 1, System::nanoTime).orElseThrow()) {
            final Process client = OtherProcess.start("client", cluster);
            Awaitility.await().until(() -> {
                port.poll((connection, correlation, request) -> {
                    throw new AssertionError("half a request was delivered");
                });
                return port.faults().count() == 1 && port.connections() == 0;
            });
            assertTrue(port.faults().last().contains("its process is gone"), port.faults().last());
            assertEquals(9, client.waitFor());
        }
    }

    @Test
    void aServiceThatIsKilledIsNoticedAndTheNextOneTakesOver() throws Exception {
        Process service = OtherProcess.start("service", cluster);
        try {
            final RingConnection first = connect();
            assertEquals(new ServiceReply.Done(), first.call(new ServiceRequest.Status()).get());
            service.destroyForcibly().waitFor();
            final ExecutionException ended = assertThrows(ExecutionException.class,
                () -> first.call(new ServiceRequest.Status()).get());
            assertInstanceOf(ServiceGone.class, ended.getCause());
            first.close();
            assertThrows(ServiceUnavailable.class, () -> RingConnection.connect(cluster));
            service = OtherProcess.start("service", cluster);
            try (RingConnection second = connect()) {
                assertEquals(new ServiceReply.Done(), second.call(new ServiceRequest.Status()).get());
            }
        } finally {
            service.destroyForcibly().waitFor();
        }
        ClientPort.open(cluster, new PortLimits(4, 64 << 10, 1 << 20, 8, ""), 1, System::nanoTime).orElseThrow().close();
    }

    private RingConnection connect() {
        return Awaitility.await().ignoreException(ServiceUnavailable.class)
            .until(() -> RingConnection.connect(cluster), connection -> true);
    }
}
