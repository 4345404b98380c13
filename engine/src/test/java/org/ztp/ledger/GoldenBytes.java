package org.ztp.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ztp.wire.WireWriter;

/** Bytes by name, in the order they were put, to be set beside a text of those that never change. */
public final class GoldenBytes {
    private final Map<String, String> actual = new LinkedHashMap<>();

    public void put(final String name, final byte[] bytes) {
        actual.put(name, HexFormat.of().formatHex(bytes));
    }

    public void put(final String name, final Consumer<WireWriter> encoder) {
        final WireWriter out = new WireWriter();
        encoder.accept(out);
        put(name, out.toBytes());
    }

    /** Words as they are, on one line. */
    public void put(final String name, final String words) {
        actual.put(name, words);
    }

    /** Fails unless these are the names and bytes of a resource in {@code org/ztp/ledger}. */
    public void assertAreThoseOf(final String resource) throws IOException {
        final String lines = actual.entrySet().stream().map(line -> line.getKey() + " " + line.getValue() + "\n")
            .collect(Collectors.joining());
        try (InputStream in = GoldenBytes.class.getResourceAsStream("/org/ztp/ledger/" + resource)) {
            assertEquals(new String(in.readAllBytes(), StandardCharsets.UTF_8), lines);
        }
    }
}
