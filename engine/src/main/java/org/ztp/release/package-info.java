/**
 * The release of keys: replicas of one sub-cluster bring their shares together for a seeker whose request the ledger
 * allows. Sans-IO like the consensus core beside it: {@code step(now, event) -> actions}.
 *
 * <pre>
 *   client ──Asked──► gateway: one run a token                          each participant: one call a run
 *                     LookUp own ledger                                 LookUp own ledger, never the gateway's word
 *                     AccumulationRound over f+1 replicas ──Call──►     Contribute: λ·share, masked for the seeker
 *          ◄─Released─ sum of noise                    ◄──Partial──     Accumulation up the tree
 *
 *                     (a commitment does not fit)       ──SinglyCall─►  Seal: openings, sealed to the seeker, signed
 *          ◄─ReleasedSingly─ at least f+1 of them       ◄──Singly────
 *   seeker: SeekerRelease takes the masks off, opens single shares, names who cheated, makes the evidence
 * </pre>
 *
 * <p>A share leaves a replica only after a look-up of that replica's own final state has said that the request is
 * allowed now, for each contribution once before it is made and once when it is about to leave. No secret passes through the core: shares are loaded, masked or sealed by
 * the runtime off this thread, with the pure functions {@link org.ztp.release.Contribution} and
 * {@link org.ztp.privacy.SingleShares}.
 *
 * <p>A mask is bound to chain, request, contract version, set and attempt. A request is always served with the part and
 * the version that it was allowed with, so no mask ever covers two different vectors.
 */
package org.ztp.release;
