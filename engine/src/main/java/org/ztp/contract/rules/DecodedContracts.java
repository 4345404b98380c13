package org.ztp.contract.rules;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.ztp.contract.Contract;

/**
 * Contracts that one thread has read lately. Each request looks into one, which may be long, while the request is short: to
 * decode it each time would let anybody make blocks that take minutes to execute. A contract is known by the very array that
 * the state holds, which nobody changes.
 */
final class DecodedContracts {
    private static final long BYTES_MAX = 4L << 20;
    private static final ThreadLocal<DecodedContracts> OF_THREAD = ThreadLocal.withInitial(() ->
        new DecodedContracts(BYTES_MAX));

    private final Map<Value, Contract> contracts = new LinkedHashMap<>(16, 0.75f, true);
    private final long bytesMax;
    private long bytes;

    /** A value of the state, and no other with the same bytes. */
    private record Value(byte[] bytes) {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Value value && bytes == value.bytes;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(bytes);
        }
    }

    DecodedContracts(final long bytesMax) {
        this.bytesMax = bytesMax;
    }

    static DecodedContracts ofThread() {
        return OF_THREAD.get();
    }

    /** The contract in a value, decoded now or before. */
    Contract of(final byte[] value, final Function<byte[], Contract> decoder) {
        final Contract known = contracts.get(new Value(value));
        if (known != null) {
            return known;
        }
        final Contract decoded = decoder.apply(value);
        contracts.put(new Value(value), decoded);
        bytes += value.length;
        final Iterator<Value> oldest = contracts.keySet().iterator();
        while (bytes > bytesMax && contracts.size() > 1) {
            bytes -= oldest.next().bytes().length;
            oldest.remove();
        }
        return decoded;
    }
}
