/**
 * Who may have which chunks of a dataset, and under which rules; evaluated by every replica with the same result.
 *
 * <p>A contract is a list of clauses. The first one covers the whole dataset; each of the others replaces it for its
 * own range of chunks, and their ranges do not overlap, so every chunk has exactly one clause. What no clause allows is
 * denied. Owners write contracts as policy files, which {@link org.ztp.contract.PolicyFile} reads.
 *
 * <pre>
 *   chunk     0 ........ 99 | 100 ......................... last
 *   clause 0  [ default: seekers, rules                         ]
 *   clause 1  [ replaces  ]
 * </pre>
 */
package org.ztp.contract;
