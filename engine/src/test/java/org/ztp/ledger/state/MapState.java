package org.ztp.ledger.state;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** For tests: a state in a map. */
public record MapState(Map<ByteBuffer, byte[]> values) implements StateView {
    /** An empty one. */
    public MapState() {
        this(new HashMap<>());
    }

    @Override
    public Optional<byte[]> get(final byte[] name) {
        return Optional.ofNullable(values.get(ByteBuffer.wrap(name)));
    }

    @Override
    public void put(final byte[] name, final byte[] value) {
        values.put(ByteBuffer.wrap(name), value);
    }

    @Override
    public void delete(final byte[] name) {
        values.remove(ByteBuffer.wrap(name));
    }
}
