package org.ztp.bench;

import java.nio.file.Path;
import org.ztp.config.Configuration;
import org.ztp.tuning.Load;

/**
 * What is measured.
 *
 * @param replicas replicas of the cluster
 * @param subClusterSize replicas of a sub-cluster
 * @param load what the clients do
 * @param configuration of the service
 * @param seconds measured time
 * @param warmupSeconds load before that
 * @param idleSeconds time without load before that
 * @param fault what is done to replicas in the middle of the measured time
 * @param stockBytes bundles that the clients make before the load begins, for the measured time; 0 for none
 * @param place directory in which the cluster's directory is made
 */
record BenchPlan(int replicas, int subClusterSize, Load load, Configuration configuration, int seconds,
                 int warmupSeconds, int idleSeconds, Fault fault, long stockBytes, Path place) {
    /** The same with another time before it is measured. */
    BenchPlan warmedUpFor(final int moreSeconds) {
        return new BenchPlan(replicas, subClusterSize, load, configuration, seconds, moreSeconds, idleSeconds, fault,
            stockBytes, place);
    }
}
