package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.config.Setting;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.ThreadHashing;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** What a replica that is behind gets from a disk of its own process is hashed only where it is not what was checked there. */
class BatchTagsTest {
    private static final int AWAY = 2;
    private static final int LINES = 60;

    private final ThreadHashing plain = new ThreadHashing(Samples.CHAIN);
    private boolean behind = true;
    private final BatchTags tags = new BatchTags(() -> behind);
    private final BatchHashing hashing = tags.hashing(Samples.CHAIN);
    private final Batch batch = Batch.of(List.of(Samples.small(1, 0, 300), Samples.small(1, 1, 20)));
    private final BatchRef ref = plain.identify(batch).orElseThrow();

    @TempDir
    private Path temporary;

    @Test
    void theSameBytesAreKnownAndTheirBundlesIdentified() {
        tags.add(ref, batch);
        final Batch again = again(batch, -1);
        assertTrue(hashing.isNamed(again, ref));
        assertEquals(1, tags.known());
        for (int i = 0; i < 2; i++) {
            assertSame(batch.bundles().get(i).id(), again.bundles().get(i).id());
        }
    }

    @Test
    void whatWasNotCheckedWhileAReplicaWasBehindIsHashed() {
        behind = false;
        tags.add(ref, batch);
        final Batch again = again(batch, -1);
        assertTrue(hashing.isNamed(again, ref));
        assertEquals(0, tags.known());
        assertEquals(batch.bundles().get(0).id(), again.bundles().get(0).id());
        assertNotSame(batch.bundles().get(0).id(), again.bundles().get(0).id());
    }

    @Test
    void otherBytesOrAnotherReferenceAreRefused() {
        tags.add(ref, batch);
        final int last = batch.length() - 1;
        for (final int changed : new int[] {Batch.HEADER_BYTES, Batch.HEADER_BYTES + Bundle.SIGNATURE_OFFSET,
            Batch.HEADER_BYTES + Bundle.HEADER_BYTES + 10, last}) {
            assertFalse(hashing.isNamed(again(batch, changed), ref), "byte " + changed);
        }
        assertFalse(hashing.isNamed(again(batch, -1),
            new BatchRef(ref.root(), ref.bundles(), ref.transactions() + 1, ref.bytes())));
        assertFalse(hashing.isNamed(Batch.of(List.of(Samples.small(1, 0, 300))), ref));
        assertEquals(0, tags.known());
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        tags.add(ref, batch);
        for (long number = 0; number <= BatchTags.COST_MAX / (256 + 64); number++) {
            tags.add(new BatchRef(Hash.sha256(Samples.utf8("batch " + number)), 1, 20, batch.length()),
                Batch.of(List.of(batch.bundles().get(1))));
        }
        assertTrue(hashing.isNamed(again(batch, -1), ref));
        assertEquals(0, tags.known());
        tags.add(ref, batch);
        assertTrue(hashing.isNamed(again(batch, -1), ref));
        assertEquals(1, tags.known());
    }

    @Test
    void aReplicaThatComesBackTakesInWithoutHashingWhatItsProcessHadChecked() throws Exception {
        try (ServedLedger ledger = new ServedLedger(temporary.resolve("cluster"))) {
            ledger.start(Map.of());
            ledger.submitSome(1);
            final BatchTags own = ledger.service().groups().get(0).tags();
            ledger.call(new ServiceRequest.Fault(AWAY, Harm.STOP));
            ledger.submitSome(LINES);
            assertEquals(0, own.known());
            ledger.call(new ServiceRequest.Fault(AWAY, Harm.RESUME));
            awaitAll(ledger);
            assertTrue(own.known() >= LINES - 20, "known: " + own.known());
        }
    }

    @Test
    void eachReplicaHashesForItselfIfThatIsWished() throws Exception {
        try (ServedLedger ledger = new ServedLedger(temporary.resolve("cluster"))) {
            ledger.start(Map.of(Setting.CHECKS, "each"));
            ledger.submitSome(1);
            ledger.call(new ServiceRequest.Fault(AWAY, Harm.STOP));
            ledger.submitSome(LINES);
            ledger.call(new ServiceRequest.Fault(AWAY, Harm.RESUME));
            awaitAll(ledger);
            assertEquals(0, ledger.service().groups().get(0).tags().known());
        }
    }

    private static void awaitAll(final ServedLedger ledger) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ledger.replicasAtHeight("indexedHeight") == 4);
    }

    /** Equal bytes as another object, one of them changed if an index is given. */
    private static Batch again(final Batch batch, final int changed) {
        final WireWriter out = new WireWriter();
        batch.encode(out);
        final byte[] bytes = out.toBytes();
        if (changed >= 0) {
            bytes[changed] ^= 1;
        }
        return Batch.parse(bytes, bytes.length).orElseThrow();
    }
}
