package org.ztp.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures requests for all keys of one dataset, from the request's signature to keys that fit their commitments. */
final class KeysRun {
    private static final int CHUNKS_OF_PROGRESS = 10_000;

    private final KeysPlan plan;
    private final Consumer<String> progress;

    /** A run that tells people what it does at the moment. */
    KeysRun(final KeysPlan plan, final Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Two requests: one from beginning to end, and one whose steps are apart, as between them every replica does what
     * the step before still leaves it to do. (On a machine of its own each replica would do that at the same time.)
     *
     * @param totalNs from the first request to its keys
     * @param commitNs of the second: from the request to its being final and allowed
     * @param accumulationNs from its being asked for to the accumulated vector
     * @param joinNs from then to the keys
     * @param commitCpuNs processor time of all replicas until the second request was executed by all
     * @param accumulationCpuNs and for its accumulation
     * @param participants replicas that gave shares
     */
    record Measured(long totalNs, long commitNs, long accumulationNs, long joinNs, long commitCpuNs,
                    long accumulationCpuNs, int participants) { }

    /** Measures everything. */
    KeysResult run() throws IOException {
        progress.accept("starting " + plan.replicas() + " replicas");
        final List<Measured> measured = new ArrayList<>();
        try (Cluster cluster = Cluster.start(plan.place(), plan.replicas(), plan.replicas(),
            plan.configuration(), false);
             KeysClient client = new KeysClient(cluster.service(), plan)) {
            progress.accept("publishing " + plan.chunks() + " chunks"
                + (plan.chunks() > CHUNKS_OF_PROGRESS ? ", which takes a while" : ""));
            client.publish();
            progress.accept("warming up with " + plan.warmup() + " requests");
            for (int i = 0; i < plan.warmup(); i++) {
                request(client);
            }
            progress.accept("measuring " + plan.requests() + " requests");
            for (int i = 0; i < plan.requests(); i++) {
                measured.add(request(client));
            }
        }
        return new KeysResult(plan, measured, HostFacts.of(plan.place()));
    }

    private static Measured request(final KeysClient client) {
        client.prepare();
        final long startNs = System.nanoTime();
        client.commit();
        client.accumulate();
        client.join();
        final long totalNs = System.nanoTime() - startNs;
        client.prepare();
        client.awaitAll();
        final ThreadCosts costs = new ThreadCosts(Set.of(Thread.currentThread().getId())).start();
        final long commitNs = nanos(client::commit);
        client.awaitAll();
        final long commitCpuNs = costs.stop().service().cpuNs();
        costs.start();
        final long accumulationNs = nanos(client::accumulate);
        final long accumulationCpuNs = costs.stop().service().cpuNs();
        final long joinNs = nanos(client::join);
        return new Measured(totalNs, commitNs, accumulationNs, joinNs, commitCpuNs, accumulationCpuNs,
            client.participants());
    }

    private static long nanos(final Runnable step) {
        final long startNs = System.nanoTime();
        step.run();
        return System.nanoTime() - startNs;
    }
}
