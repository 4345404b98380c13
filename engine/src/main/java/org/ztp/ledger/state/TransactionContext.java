package org.ztp.ledger.state;

import org.ztp.wire.Hash;

/**
 * Where a transaction stands, as far as its rules may know: nothing else may decide about it, so every replica comes to
 * the same outcome.
 *
 * @param height the block's height, 1 or more
 * @param timeMillis the block's time, milliseconds since 1970
 * @param client the Ed25519 key that signed the bundle
 * @param bundle the bundle's id
 * @param transaction position in the bundle, 0 or more
 */
public record TransactionContext(long height, long timeMillis, Hash client, Hash bundle, int transaction) {
}
