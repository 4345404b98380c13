package org.ztp.ledger.receipt;

import java.util.Arrays;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A bundle without its transactions: what its client signed, and the signature. 156 bytes.
 *
 * @param client the client's Ed25519 key, 32 bytes
 * @param submission 16 bytes that name the submission
 * @param sequence position in the submission
 * @param count number of transactions
 * @param root Merkle root over the transactions
 * @param signature 64 bytes
 */
public record BundleHead(Hash client, byte[] submission, long sequence, int count, Hash root, byte[] signature) {
    /** The head of a bundle with this root over its transactions. */
    static BundleHead of(final Bundle bundle, final Hash root) {
        final int at = bundle.offset() + Bundle.SIGNATURE_OFFSET;
        return new BundleHead(bundle.client(), bundle.submission(), bundle.sequence(), bundle.count(), root,
            Arrays.copyOfRange(bundle.array(), at, at + Certificate.Signature.BYTES));
    }

    /** The 140 bytes that the client signed for a chain. */
    public byte[] signedBytes(final Hash chain) {
        return new WireWriter(Bundle.SIGNED_BYTES).raw(Domain.BUNDLE.tag()).hash(chain).hash(client).raw(submission)
            .u64(sequence).u32(count).hash(root).toBytes();
    }

    /** The bundle's id in a chain. */
    public Hash id(final Hash chain) {
        return Hash.sha256(signedBytes(chain));
    }

    boolean isSigned(final Hash chain, final ClientSignatures signatures) {
        return signatures.check(client.toBytes(), 0, signature, 0, signedBytes(chain));
    }

    void encode(final WireWriter out) {
        out.hash(client).raw(submission).u64(sequence).u32(count).hash(root).raw(signature);
    }

    static BundleHead decode(final WireReader in) {
        final BundleHead head = new BundleHead(in.hash(), in.raw(Bundle.SUBMISSION_BYTES), in.u64(),
            in.count(Bundle.MAX_TRANSACTIONS), in.hash(), in.raw(Certificate.Signature.BYTES));
        in.require(head.count > 0);
        return head;
    }
}
