/**
 * The threads, and what flows between them. Each mutable thing has one owner thread; bounded queues lie between.
 *
 * <pre>
 *  clients ──► Ingest (master of the team) ──fork──► T threads: decode · authenticate · hash ──► ring 0 .. T-1
 *                 ▲  │                                                                            │
 *   batches to    │  └──────────────────────────── join: one batch, its root ◄────────────────────┘
 *   check ────────┘                   │
 *                                     ▼
 *                       ReplicaDuty (consensus core) ◄──► Transport ◄──► peers
 *                          │        ▲          │
 *                 persist  ▼        │ durable  ▼ final
 *                       JournalDuty (journal, safety record, index)   FinalFeed ──► replies to clients
 *                                        │
 *                          ArchiveDuty ◄─┘ reads what is final ──► archive ──► Restoration, when a replica starts
 * </pre>
 */
package org.ztp.runtime;
