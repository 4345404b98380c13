/**
 * What the ledger is made of, as values and bytes: transactions in signed bundles, bundles in batches, batches in
 * blocks, certificates beside blocks, receipts. No clock, thread, file or network in here.
 *
 * <pre>
 *  block header ── transactionsRoot ─ Merkle tree over batch references
 *                                         │ root of each batch: Merkle tree over (bundle id, signature)
 *                                         │      bundle id: hash of what the client signed, with the
 *                                         │      root of the Merkle tree over the bundle's transactions
 * </pre>
 */
package org.ztp.ledger;
