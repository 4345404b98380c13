package org.ztp.ledger.log;

import java.util.Optional;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * One transaction of a final block.
 *
 * @param height the block's height
 * @param timeMillis the block's time, milliseconds since 1970
 * @param client the Ed25519 key that signed the bundle
 * @param bundle the bundle's id
 * @param transaction position in the bundle
 * @param kind the transaction's first byte, 0 to 255
 * @param bytes size of the transaction
 * @param entity what a record is about; empty for nothing, or no record
 * @param text what its signer wrote in it for people: a dataset's name, a request's purpose, a record's beginning; may be empty
 * @param dataset the dataset that it is about, if it is about one
 * @param outcome what came of it, or of its whole bundle
 */
public record LogEntry(long height, long timeMillis, Hash client, Hash bundle, int transaction, int kind, int bytes,
                       String entity, String text, Optional<Hash> dataset, Outcome outcome) {
    /** The transaction's name: the bundle's id, a dot, the position in the bundle. */
    public String id() {
        return bundle + "." + transaction;
    }
}
