/**
 * What the ledger knows after a block: keys and values under one digest, and the deterministic execution of blocks.
 *
 * <pre>
 *   block, batches ──► Executor ──► StateTree (immutable, one for each undecided block) + StateChanges
 *                        │ kinds other than RECORD
 *                        └──► TransactionRules ──► StateView (the block's pending changes over the parent's state)
 * </pre>
 *
 * <p>The first byte of a key tells whose it is: {@code 's'} submissions and {@code 'o'} outcomes are the executor's,
 * all others belong to the rules. No clock, thread, file or network in here.
 */
package org.ztp.ledger.state;
