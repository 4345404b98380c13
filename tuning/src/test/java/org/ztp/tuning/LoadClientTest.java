package org.ztp.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Busy;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.Submitted.Status;
import org.ztp.client.ServiceRequest.Submit;
import org.ztp.crypto.SystemRandomness;
import org.ztp.wire.Hash;

/** What a client of a load makes of what it is answered. */
class LoadClientTest {
    private static final Hash CHAIN = Hash.sha256(new byte[0]);

    private final Load load = new Load(1, 1, 1, 16, 0);
    private final Tally tally = new Tally();
    private final List<byte[]> handedIn = new CopyOnWriteArrayList<>();

    private static Submitted submitted(final Status status) {
        return new Submitted(status, Hash.ZERO, status == Status.FINAL ? 1 : 0, List.of());
    }

    private void run(final int bundles, final ServiceReply first) throws InterruptedException {
        final LoadClient[] client = new LoadClient[1];
        client[0] = new LoadClient(0, load, new RecordSource(CHAIN, load, new SystemRandomness(), 1), (request, reply) -> {
            handedIn.add(((Submit) request).bundle());
            if (handedIn.size() == bundles) {
                client[0].stop();
            }
            reply.accept(handedIn.size() == 1 ? first : submitted(Status.FINAL));
        }, tally);
        client[0].start(System.nanoTime());
        client[0].thread().join(TimeUnit.SECONDS.toMillis(30));
        assertFalse(client[0].thread().isAlive());
    }

    @Test
    void whatWasTooFarAheadOrNotTakenInIsHandedInAgain() throws InterruptedException {
        for (final ServiceReply first : List.of(submitted(Status.TOO_FAR_AHEAD), new Busy(1))) {
            handedIn.clear();
            run(3, first);
            assertEquals(Optional.empty(), tally.brokenBy());
            assertEquals(handedIn.get(0), handedIn.get(1));
            assertEquals(3, handedIn.size());
        }
    }

    @Test
    void whatNoHonestClientShouldGetEndsTheLoad() throws InterruptedException {
        run(2, submitted(Status.INVALID));
        assertEquals(Optional.of(submitted(Status.INVALID).toString()), tally.brokenBy());
        assertEquals(1, handedIn.size());
    }
}
