package org.ztp.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What threads allocated and how much processor time they used since {@link #start}: the clients' on one side, on the
 * other all others of the process, whatever their names, but not the thread that measures. A thread that ends in
 * between takes its share with it; the virtual machine's own threads (compiler, collector) are no Java threads and show
 * in the process's time alone.
 */
final class ThreadCosts {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final com.sun.management.OperatingSystemMXBean system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Set<Long> clients;
    private final Map<Long, long[]> before = new HashMap<>();
    private long processBeforeNs;

    /**
     * One side's costs.
     *
     * @param allocatedBytes bytes allocated
     * @param cpuNs processor time, nanoseconds
     */
    record Costs(long allocatedBytes, long cpuNs) { }

    /**
     * The costs of both sides.
     *
     * @param service all threads but the clients' and the one that measures
     * @param clients the clients' threads
     * @param processCpuNs processor time of the whole process, nanoseconds
     */
    record Both(Costs service, Costs clients, long processCpuNs) { }

    ThreadCosts(final Set<Long> clients) {
        this.clients = clients;
    }

    /** Begins to count. */
    ThreadCosts start() {
        before.clear();
        final long[] ids = threads.getAllThreadIds();
        final long[] allocated = threads.getThreadAllocatedBytes(ids);
        final long[] cpu = threads.getThreadCpuTime(ids);
        for (int i = 0; i < ids.length; i++) {
            before.put(ids[i], new long[] {allocated[i], cpu[i]});
        }
        processBeforeNs = system.getProcessCpuTime();
        return this;
    }

    /** What was counted so far. */
    Both stop() {
        final long processNs = system.getProcessCpuTime() - processBeforeNs;
        final long[] ids = threads.getAllThreadIds();
        final long[] allocated = threads.getThreadAllocatedBytes(ids);
        final long[] cpu = threads.getThreadCpuTime(ids);
        final long[][] sums = new long[2][2];
        for (int i = 0; i < ids.length; i++) {
            final long[] first = before.getOrDefault(ids[i], new long[2]);
            final long[] sum = sums[clients.contains(ids[i]) ? 1 : 0];
            if (allocated[i] >= 0 && cpu[i] >= 0 && ids[i] != Thread.currentThread().getId()) {
                sum[0] += allocated[i] - first[0];
                sum[1] += cpu[i] - first[1];
            }
        }
        return new Both(new Costs(sums[0][0], sums[0][1]), new Costs(sums[1][0], sums[1][1]), processNs);
    }
}
