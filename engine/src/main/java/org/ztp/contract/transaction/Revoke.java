package org.ztp.contract.transaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * REVOKE: keys that no clause shall name any more, whatever the contract's version. The requests of those that were
 * seekers are closed; whoever they are, a GRANT signed before and not final yet is void.
 *
 * <pre>
 *   u8 4 | dataset 32 | u16 seekers | seekers x key 32
 * </pre>
 *
 * @param dataset the dataset's id
 * @param seekers 1 to {@link #MAX_SEEKERS} keys, ascending
 */
public record Revoke(Hash dataset, List<Hash> seekers) {
    /** The kind's number. */
    public static final int KIND = 4;
    /** Most seekers of one transaction. */
    public static final int MAX_SEEKERS = 4096;

    /** Keeps the list as it is. */
    public Revoke {
        seekers = List.copyOf(seekers);
    }

    /** One that revokes these keys; they are sorted. */
    public static Revoke of(final Hash dataset, final Collection<Hash> seekers) {
        return new Revoke(dataset, List.copyOf(new TreeSet<>(seekers)));
    }

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter().u8(KIND).hash(dataset).u16(seekers.size());
        seekers.forEach(out::hash);
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Revoke> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Hash dataset = in.hash();
        final int count = in.u16();
        in.require(count >= 1 && count <= MAX_SEEKERS);
        final List<Hash> seekers = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            final Hash seeker = in.hash();
            in.require(i == 0 || seekers.get(i - 1).compareTo(seeker) < 0);
            seekers.add(seeker);
        }
        return in.finished() ? Optional.of(new Revoke(dataset, seekers)) : Optional.empty();
    }
}
