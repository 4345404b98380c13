/**
 * The offline check of a cluster's directory: every byte is read and hashed again, every signature and certificate is
 * checked, and the state is computed anew from the genesis. Nothing is written. {@code engine/docs/FORMAT.md}, section
 * "Verifying", says what is checked in which order.
 *
 * <pre>
 *   genesis ─► safety records ─► journals, record by record ─► chain and state of each sub-cluster ─► blobs
 *                    └────────── what replicas have signed ──────────┘
 * </pre>
 */
package org.ztp.audit;
