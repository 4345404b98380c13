/**
 * What the transactions of data sharing do to the state, and the check that a replica makes before it gives a share.
 *
 * <pre>
 *   key (integers big-endian)                              value
 *   'd' dataset 32                                         {@link org.ztp.contract.rules.DatasetState}, never changed
 *   'c' dataset 32                                         u32: latest version of its contract
 *   'v' dataset 32, version 4                              the contract's bytes of that version, or
 *                                                          {@link org.ztp.contract.rules.RevokedVersion}: an earlier
 *                                                          version without some seekers; never changed
 *   'k' dataset 32, seeker 32                              {@link org.ztp.contract.rules.SeekerState}
 *   'p' bundle 32, index 4, seeker 32                      {@link org.ztp.contract.rules.PartState}, never changed
 *   'n' dataset 32, seeker 32, first chunk 4, last chunk 4 u32: allowed requests that touched the clause of these
 *   chunks 'q' bundle 32, index 4                                 {@link org.ztp.contract.rules.RequestState}
 *   'e' bundle 32, index 4, replica 2, about 1             u64: height at which the evidence was taken in
 *   'i' replica 2                                          {@link org.ztp.ledger.incarnation.Incarnation}, once one was
 *   recorded
 * </pre>
 *
 * <p>Closing is not written into each request: a request is closed when its seeker was revoked in a version above the
 * one that the request was decided with, so that a revocation costs the same whatever was asked before.
 */
package org.ztp.contract.rules;
