/**
 * Bytes that survive: what every store of a replica is made of.
 *
 * <pre>
 *   journal    safety    blob   archive   one code each, on either disk
 *        \       |        /       /
 *         disk.Disk (port)            disk.FileDisk = real files, disk.SimulatedDisk = seeded faults
 *
 *   state.KeyValueStore               RocksDB or a sorted map; rebuilt from the journal when it is lost
 * </pre>
 *
 * <p>This module knows nothing of blocks, votes or MPI.
 */
package org.ztp.storage;
