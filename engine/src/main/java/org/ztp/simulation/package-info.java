/**
 * A whole sub-cluster in one thread from one seed: the real consensus core on a simulated network, disk and clock. After
 * each step the invariants of the ledger are checked.
 */
package org.ztp.simulation;
