package org.ztp.release;

import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.ledger.Domain;
import org.ztp.privacy.KeyVector;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * What a replica's own ledger says about a request that it allows. All replicas of a release must have the same.
 *
 * @param dataset the dataset's id
 * @param publish the PUBLISH, with the shares of the first halves
 * @param part the PUBLISH or GRANT with the part of the seeker that the request was allowed with, and in it the shares
 *     of the opener
 * @param datasetChunks number of the dataset's chunks
 * @param chunks what was asked for
 * @param seeker the seeker's key
 * @param freshKey the key made for this request
 * @param contractVersion version of the contract that allowed the request
 */
public record Terms(Hash dataset, TransactionId publish, TransactionId part, int datasetChunks, ChunkRange chunks,
                    Hash seeker, X25519PublicKey freshKey, int contractVersion) {
    /** Length of the vector to be released: the first halves of the chunks, then the opener. */
    public int vectorBytes() {
        return (chunks.count() + 1) * KeyVector.ENTRY_BYTES;
    }

    /** What two replicas compare: SHA-256 over domain, dataset, both transactions, chunks, keys and version. */
    public Hash digest() {
        final WireWriter out = new WireWriter().raw(Domain.RELEASE_TERMS.tag()).hash(dataset);
        publish.encode(out);
        part.encode(out);
        out.u32(datasetChunks);
        chunks.encode(out);
        return Hash.sha256(out.hash(seeker).raw(freshKey.bytes()).u32(contractVersion).toBytes());
    }
}
