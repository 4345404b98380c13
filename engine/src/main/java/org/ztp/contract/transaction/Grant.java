package org.ztp.contract.transaction;

import java.util.List;
import java.util.Optional;
import org.ztp.contract.Contract;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * GRANT: the next version of a contract, with new seekers or other rules. It takes effect only if the version that the
 * owner knew is still the latest.
 *
 * <pre>
 *   u8 3 | dataset 32 | u32 expected version | contract | u16 parts | parts of seekers
 * </pre>
 *
 * @param dataset the dataset's id
 * @param expectedVersion version that this one follows
 * @param contract the whole new contract, of version {@code expectedVersion + 1}
 * @param parts for each seeker whose chunks are not all in a part already there; by ascending key
 */
public record Grant(Hash dataset, int expectedVersion, Contract contract, List<SeekerPart> parts) {
    /** The kind's number. */
    public static final int KIND = 3;

    /** Keeps the list as it is. */
    public Grant {
        parts = List.copyOf(parts);
    }

    /** The part of one seeker; empty if there is none. */
    public Optional<SeekerPart> part(final Hash seeker) {
        return parts.stream().filter(part -> part.seeker().equals(seeker)).findFirst();
    }

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(4096).u8(KIND).hash(dataset).u32(expectedVersion);
        contract.encode(out);
        SeekerPart.encodeAll(parts, out);
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Grant> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Grant grant = new Grant(in.hash(), in.u32(), Contract.decode(in), SeekerPart.decodeAll(in));
        return in.finished() ? Optional.of(grant) : Optional.empty();
    }
}
