package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;

class RecorderTest {
    @Test
    void eachLineIsARecordWithItsBytesAsTheyAre() throws IOException {
        assertEquals(List.of("one", "", "two\r", "ü", "last"), payloads("one\n\ntwo\r\nü\nlast"));
        assertEquals(List.of("one"), payloads("one\n"));
        assertEquals(List.of("", ""), payloads("\n\n"));
        assertEquals(List.of(), payloads(""));
    }

    @Test
    void bundlesAreCutByLinesAndBytesWhateverThePiecesTheStreamComesIn() throws IOException {
        final Random random = new Random(3);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append("x".repeat(i < 2_500 ? random.nextInt(10) : random.nextInt(2_000))).append('\n');
        }
        final List<Bundle> whole = bundles(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
        final List<Bundle> pieces = bundles(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(final byte[] target, final int offset, final int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(300)));
            }
        });
        assertEquals(whole.size(), pieces.size());
        for (int i = 0; i < whole.size(); i++) {
            assertArrayEquals(whole.get(i).array(), pieces.get(i).array());
            assertEquals(i, whole.get(i).sequence());
        }
        assertEquals(1_000, whole.get(0).count());
        assertEquals(1_000, whole.get(1).count());
        assertEquals(5_000, whole.stream().mapToInt(Bundle::count).sum());
        whole.forEach(bundle -> assertEquals(true, bundle.length() <= Recorder.FULL_BYTES));
    }

    @Test
    void aLineThatIsTooLongIsRefused() {
        assertThrows(CommandException.class, () -> payloads("x".repeat(100_001)));
    }

    private static List<String> payloads(final String text) throws IOException {
        final List<String> payloads = new ArrayList<>();
        for (final Bundle bundle : bundles(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            bundle.forEach((index, array, offset, length) -> payloads.add(new String(
                RecordTransaction.parse(array, offset, length).orElseThrow().payload(), StandardCharsets.UTF_8)));
        }
        return payloads;
    }

    private static List<Bundle> bundles(final InputStream input) throws IOException {
        final List<Bundle> bundles = new ArrayList<>();
        final BundleBuilder builder = new BundleBuilder(Hash.ZERO, Hash.ZERO, new byte[16], message -> new byte[64]);
        new Recorder(builder, "entity", 100_000, bundles::add).recordAll(input);
        return bundles;
    }
}
