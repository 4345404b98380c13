/**
 * The journal: an append-only log of checksummed records with group commit. {@code storage/docs/FORMAT.md} has its
 * bytes.
 *
 * <pre>
 *  append ──► write buffer ──write()──► active segment ──fdatasync──► committed
 *             (one thread; LazyFlush    ▲ zeros written ahead by the Preallocator
 *              where nothing is promised)
 *                                       │ full: SEAL record, cut, next segment
 *  read, scan (any thread) ◄────────────┴── sealed segments, immutable
 *
 *  open:  Recovery ─ SegmentScanner ─► visitor        one pass: check, replay, cut or quarantine
 *  audit: JournalAudit ─ SegmentScanner ─► findings   read-only, every byte
 * </pre>
 *
 * <p>A <em>position</em> is the address of a byte in the concatenation of all segments, so it grows for ever and names
 * a record for good. The code is the same on real files and on the simulated disk.
 */
package org.ztp.storage.journal;
