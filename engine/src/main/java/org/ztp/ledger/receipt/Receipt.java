package org.ztp.ledger.receipt;

import java.util.Optional;
import org.ztp.ledger.Outcome;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Proof of one transaction.
 *
 * @param transaction that it stands in a block
 * @param finality that the block is final
 * @param outcome what came of it: of the transaction, or of its whole bundle
 * @param outcomeProof that this is what came of it; if empty, the outcome is the word of the replica that wrote this
 */
public record Receipt(TransactionProof transaction, Finality finality, Outcome outcome,
                      Optional<OutcomeProof> outcomeProof) {
    private static final int VERSION = 1;

    /** The transaction's name: the bundle's id, a dot, the position in the bundle. */
    public String id() {
        return transaction.id(finality.header().chain());
    }

    /** Its bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter(1024 + transaction.transaction().length).u16(VERSION);
        transaction.encode(out);
        finality.encode(out);
        outcome.encode(out);
        out.flag(outcomeProof.isPresent());
        outcomeProof.ifPresent(proof -> proof.encode(out));
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. That it proves anything is for {@link ReceiptVerifier} to say. */
    public static Optional<Receipt> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        in.require(in.u16() == VERSION);
        final TransactionProof transaction = TransactionProof.decode(in);
        final Finality finality = Finality.decode(in);
        final Outcome outcome = Outcome.decode(in);
        final Optional<OutcomeProof> proof = in.flag() ? Optional.of(OutcomeProof.decode(in)) : Optional.empty();
        return in.finished() ? Optional.of(new Receipt(transaction, finality, outcome, proof)) : Optional.empty();
    }
}
