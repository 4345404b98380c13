/**
 * Whole sub-clusters in one thread from one seed, on a simulated network, disk and clock; after each step the invariants of
 * the ledger are checked. {@link SimulatedCluster} is one sub-cluster whose replicas may break every rule of ordering;
 * {@link SimulatedAllocation} is several of them, with epochs, and with clients that share data.
 */
package org.ztp.simulation;
