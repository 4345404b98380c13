package org.ztp.contract.rules;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A version of a contract that a REVOKE made, as the state has it: the clauses of an earlier version, without some
 * seekers.
 *
 * <pre>
 *   u32 earlier version | keys 32 each, ascending
 * </pre>
 *
 * @param value the state's own array, not to be changed
 */
record RevokedVersion(byte[] value) {
    /** Checks the length: the state holds what the rules wrote, so another one is damage. */
    RevokedVersion {
        if (value.length % Hash.BYTES != Integer.BYTES) {
            throw new IllegalStateException("state value does not decode: prefix=v bytes=" + value.length);
        }
    }

    /** An earlier version without these seekers; nobody may be left out. */
    static RevokedVersion of(final int earlier, final SortedSet<Hash> seekers) {
        final WireWriter out = new WireWriter(Integer.BYTES + seekers.size() * Hash.BYTES).u32(earlier);
        seekers.forEach(out::hash);
        return new RevokedVersion(out.toBytes());
    }

    /** Reads the value of a version; empty if it is a whole contract, which begins with its own version. */
    static Optional<RevokedVersion> of(final int version, final byte[] value) {
        return new WireReader(value).u32() == version ? Optional.empty() : Optional.of(new RevokedVersion(value));
    }

    /** The version that it is based on, which may be such a one, too. */
    int earlier() {
        return new WireReader(value).u32();
    }

    /** Number of the seekers who are left out. */
    int count() {
        return value.length / Hash.BYTES;
    }

    /** Those who are left out of the earlier version. */
    List<Hash> seekers() {
        return IntStream.range(0, count()).mapToObj(i -> Hash.copyOf(value, Integer.BYTES + i * Hash.BYTES)).toList();
    }
}
