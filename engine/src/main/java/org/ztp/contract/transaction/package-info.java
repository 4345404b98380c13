/**
 * The transactions of data sharing as values and bytes; each starts with its kind.
 *
 * <pre>
 *   2 PUBLISH   a dataset: its chunks, the sealed shares and halves of their keys, the first contract
 *   3 GRANT     the next version of a contract, with what its new seekers need
 *   4 REVOKE    seekers who may no longer ask
 *   5 APPROVE   an approver's word for a request that waits
 *   6 REQUEST   a seeker's request for chunks
 *   7 EVIDENCE  proof that a replica sent a share that is not its own
 *   8 TAKE-OVER a replica's role passes to another process
 * </pre>
 *
 * <p>What they do is in {@code org.ztp.contract.rules}. Byte layouts are in FORMAT.md.
 */
package org.ztp.contract.transaction;
