package org.ztp.mpi;

import java.util.List;

/**
 * What one of several ranks on a host may take of it.
 *
 * @param processors of the host, 1 or more
 * @param replicas that share them; spares wait, and count only when they have taken a replica's place
 */
record HostShare(int processors, int replicas) {
    /**
     * The options of a rank's JVM: it makes its threads for its part of the processors, and what a second brings is put
     * into the same 64 MiB again and again, of which little outlives a collection. Left to itself it would go through
     * ever more memory, each new page of which the kernel has to find and clear.
     */
    List<String> options() {
        return List.of("-XX:ActiveProcessorCount=" + Math.max(1, processors / replicas), "-Xmn128m",
            "-XX:SurvivorRatio=2", "-XX:-UseAdaptiveSizePolicy");
    }
}
