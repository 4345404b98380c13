package org.ztp.bench;

import java.nio.file.Path;
import org.ztp.config.Configuration;

/**
 * What of releasing keys is measured.
 *
 * @param replicas replicas of the cluster
 * @param chunks chunks of the dataset, all of them requested each time
 * @param requests requests that are measured, one after another
 * @param warmup requests before them
 * @param configuration of the service
 * @param place directory in which the cluster's directory is made
 */
record KeysPlan(int replicas, int chunks, int requests, int warmup, Configuration configuration, Path place) {
}
