package org.ztp.simulation;

import org.ztp.consensus.ReplicaCore;

/** One replica of the simulation: its disk outlives it. */
final class SimulatedReplica {
    final int id;
    final SimulatedDisk disk = new SimulatedDisk();
    final long skewMillis;
    ReplicaCore core;
    int life;
    boolean wiped;
    long tickAtNs;
    long persistedAtNs;

    SimulatedReplica(final int id, final long skewMillis) {
        this.id = id;
        this.skewMillis = skewMillis;
    }

    boolean isUp() {
        return core != null;
    }
}
