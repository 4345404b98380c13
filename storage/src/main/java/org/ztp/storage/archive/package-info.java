/**
 * A copy of the ledger on a directory that all nodes share, a parallel file system as a rule; {@code
 * storage/docs/FORMAT.md} has its bytes.
 *
 * <pre>
 *   ChunkWriter ──► incoming/replica-3-17 ──force, rename──► 0000…0001-0000…03e8-&lt;link&gt;.chunk    immutable
 *                                                            0000…03e9-0000…07d0-&lt;link&gt;.chunk
 *   Archive.replay (any node) ◄── the chunks that cover the heights, each height once
 * </pre>
 *
 * <p>A chunk holds the records of a run of heights, whole ones. Its name says which, and which link of the ledger's own
 * hash chain it ends with, so the directory is its own index: there is no manifest that could contradict it. A file has
 * its name only when all of it is there, so a crash at any point leaves chunks that count and files in {@code incoming}
 * that do not.
 *
 * <p>One writer at a time is expected and not relied upon. Two that write the same heights, as when one takes over from
 * another that was merely slow, leave chunks that overlap; readers take each height once.
 */
package org.ztp.storage.archive;
