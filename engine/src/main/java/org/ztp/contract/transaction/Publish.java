package org.ztp.contract.transaction;

import java.util.List;
import java.util.Optional;
import org.ztp.contract.Contract;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * PUBLISH: a dataset and all that replicas and seekers need to share it. The arrays are not copied and must not be
 * changed.
 *
 * <pre>
 *   u8 2 | nonce 32 | name text | u64 plain size | u32 chunk size | u32 chunks | owner box
 *   chunks x SHA-256 of the ciphertext | chunks x commitment to the key
 *   u16 replicas | replicas x share root | replicas x share box
 *   contract | u16 parts | parts of seekers
 * </pre>
 *
 * @param nonce 32 random bytes of the owner's
 * @param dataset name and sizes
 * @param ownerBox the master secret sealed to the owner
 * @param blobs 32 bytes a chunk: SHA-256 of its ciphertext, by which the blob store has it
 * @param commitments 32 bytes a chunk: commitment to its key
 * @param shares the replicas' shares of the first halves
 * @param contract version 1
 * @param parts one for each seeker, by ascending key
 */
public record Publish(Hash nonce, Dataset dataset, byte[] ownerBox, byte[] blobs, byte[] commitments,
                      ReplicaBoxes shares, Contract contract, List<SeekerPart> parts) {
    /** The kind's number. */
    public static final int KIND = 2;
    /** Most bytes of the owner's box. */
    public static final int MAX_OWNER_BOX_BYTES = 1024;

    /** Keeps the list as it is. */
    public Publish {
        parts = List.copyOf(parts);
    }

    /** The dataset's id: SHA-256 over domain, chain, owner's key and nonce, 112 bytes. */
    public static Hash id(final Hash chain, final Hash owner, final Hash nonce) {
        return Hash.sha256(Domain.DATASET.tag(), chain.toBytes(), owner.toBytes(), nonce.toBytes());
    }

    /** The ciphertext's hash of one chunk. */
    public Hash blob(final int chunk) {
        return Hash.copyOf(blobs, chunk * Hash.BYTES);
    }

    /** The part of one seeker; empty if there is none. */
    public Optional<SeekerPart> part(final Hash seeker) {
        return parts.stream().filter(part -> part.seeker().equals(seeker)).findFirst();
    }

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(4096 + blobs.length + commitments.length
            + shares.boxes().stream().mapToInt(box -> box.length + 4).sum());
        out.u8(KIND).hash(nonce);
        dataset.encode(out);
        out.bytes32(ownerBox).raw(blobs).raw(commitments);
        shares.encode(out);
        contract.encode(out);
        SeekerPart.encodeAll(parts, out);
        return out.toBytes();
    }

    /** The name of the dataset, read alone; empty if the bytes do not begin like one. */
    public static Optional<String> name(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        in.hash();
        final String name = Dataset.decode(in).name();
        return in.failed() ? Optional.empty() : Optional.of(name);
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<Publish> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Hash nonce = in.hash();
        final Dataset dataset = Dataset.decode(in);
        final byte[] ownerBox = in.bytes32(MAX_OWNER_BOX_BYTES);
        final byte[] blobs = in.raw(in.failed() ? 0 : dataset.chunks() * Hash.BYTES);
        final byte[] commitments = in.raw(in.failed() ? 0 : dataset.chunks() * Hash.BYTES);
        final Publish publish = new Publish(nonce, dataset, ownerBox, blobs, commitments, ReplicaBoxes.decode(in),
            Contract.decode(in), SeekerPart.decodeAll(in));
        return in.finished() ? Optional.of(publish) : Optional.empty();
    }
}
