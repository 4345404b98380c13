/**
 * Keys of chunks in two halves: the mathematics and the formats; and, built on them, what owners, replicas and seekers
 * do. Only {@link org.ztp.privacy.Publishing} and {@link org.ztp.privacy.Receiving} with their parts touch files.
 *
 * <pre>
 *                      K_i = A_i xor B_i                        chunk i: ChunkCipher under K_i
 *                     ┌─────┴─────┐
 *        A_i, first half          B_i, second half              ChunkHalves (B_i from the owner's master secret)
 *              │                        │
 *   SecretSharing: one share      SeekerBox: sealed under
 *   for each replica, f+1 join    an opener O_s, and that       O_s is shared among the replicas like A_i
 *              │                  to the seeker's key
 *   ShareBox: sealed to the             │
 *   replica's node key                  │
 *              │                        │
 *   Masking: Lagrange share,            │
 *   masked for the seeker               │
 *              └──XOR over the ranks──► seeker: unmask, open, join; KeyCommitments check
 *
 *   owner      Publishing ──► PUBLISH, blobs        Granting ──► GRANT
 *   replica    ReplicaShares: own shares, checked   SingleShares: one by one, signed, if a release turned out wrong
 *   seeker     ChunkKeys: join, check               SingleJoin: the same from single shares, and evidence (ShareProof)
 *              Receiving: blobs ──► file
 * </pre>
 *
 * <p>Numbers in what is hashed or bound are little-endian. Every hash and derivation begins with a 16-byte tag of its
 * own. A vector is 32 bytes for each chunk, one chunk after the other.
 *
 * <p>Sources: A. Shamir, How to share a secret (1979); RFC 9180 (HPKE); RFC 5869 (HKDF); RFC 6962 (Merkle trees); NIST
 * SP 800-38D (GCM).
 */
package org.ztp.privacy;
