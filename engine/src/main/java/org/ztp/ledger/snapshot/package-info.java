/**
 * Snapshots: the state after a final block, for a replica that does not have the blocks which led to it.
 *
 * <pre>
 *   head:  header of the block, the epoch it names ◄─ parent ─ header above it ─ parents ─► header ─► commit certificate
 *                                                                 │
 *   pages: ───────────────────── hash to ─────────────────► digest of the state after the block
 * </pre>
 */
package org.ztp.ledger.snapshot;
