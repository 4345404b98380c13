/**
 * Merkle trees over SHA-256 as in RFC 6962 section 2.1 (leaf prefix {@code 0x00}, node prefix {@code 0x01}, the empty
 * tree is SHA-256 of nothing), as pure functions over flat arrays of 32-byte hashes.
 *
 * <pre>
 *   level 2              root
 *                      /      \
 *   level 1         n01        n2     a lone last node is carried up unchanged: this gives exactly
 *                  /   \       |      the RFC's split at the largest power of two below the size
 *   level 0      h0     h1     h2     hash k lies at byte offset 32 * k
 * </pre>
 *
 * {@link org.ztp.merkle.MerkleRoot} reduces, {@link org.ztp.merkle.CompactRange} streams,
 * {@link org.ztp.merkle.MerkleTree} keeps all levels to prove from, {@link org.ztp.merkle.InclusionProof} and
 * {@link org.ztp.merkle.ConsistencyProof} prove and verify. Everything that hashes takes a
 * {@link org.ztp.merkle.TreeHasher}, of which each thread has its own.
 */
package org.ztp.merkle;
