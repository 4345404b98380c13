package org.ztp.ledger.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a block changed: each key once, with its new value or none. Immutable, as long as nobody writes into the arrays.
 *
 * @param changes in no particular order
 */
public record StateChanges(List<Change> changes) {
    /** No change. */
    public static final StateChanges NONE = new StateChanges(List.of());

    /**
     * One change.
     *
     * @param key the key
     * @param value what stands under it now, empty if the key was removed
     */
    public record Change(byte[] key, Optional<byte[]> value) {
    }

    /** Keeps the list as it is. */
    public StateChanges {
        changes = List.copyOf(changes);
    }

    /** A key set to a value. */
    public static Change put(final byte[] key, final byte[] value) {
        return new Change(key, Optional.of(value));
    }

    /** A key removed. */
    public static Change delete(final byte[] key) {
        return new Change(key, Optional.empty());
    }

    static StateChanges of(final Map<StateKey, Optional<byte[]>> map) {
        final List<Change> changes = new ArrayList<>(map.size());
        map.forEach((key, value) -> changes.add(new Change(key.bytes(), value)));
        return new StateChanges(changes);
    }
}
