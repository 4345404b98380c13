package org.ztp.contract.rules;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    private final Map<Value, Decoded> contracts = new LinkedHashMap<>(16, 0.75f, true);
    private final long bytesMax;
    private long bytes;

    /**
     * A contract, decoded.
     *
     * @param contract the contract
     * @param bytes of the value that it was decoded from, or made from by leaving seekers out
     */
    record Decoded(Contract contract, int bytes) {
    }

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

    /** The contract in a value, if it was decoded before. */
    Optional<Decoded> known(final byte[] value) {
        return Optional.ofNullable(contracts.get(new Value(value)));
    }

    /** The contract in a value, decoded now or before. The decoder may look up what is known. */
    Contract of(final byte[] value, final Function<byte[], Decoded> decoder) {
        final Optional<Decoded> known = known(value);
        if (known.isPresent()) {
            return known.get().contract();
        }
        final Decoded decoded = decoder.apply(value);
        contracts.put(new Value(value), decoded);
        bytes += decoded.bytes();
        final Iterator<Decoded> oldest = contracts.values().iterator();
        while (bytes > bytesMax && contracts.size() > 1) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
        return decoded.contract();
    }
}
