/**
 * Where in the journal things are, and the state after the last final block: tables that can be rebuilt by replaying.
 *
 * <pre>
 *   final block, its batches, what came of it ──► LedgerIndex ── one atomic batch ──► KeyValueStore
 *                                                                                        │
 *   bundle, submission, entity, dataset, height ──► IndexQueries ◄───────────────────────┘
 *                                                        │ positions
 *   transaction ──► Receipts ── blocks and batches ──► LedgerSource (the journal)
 * </pre>
 */
package org.ztp.index;
