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
     * One request.
     *
     * @param commitNs from the request to its being final and allowed
     * @param accumulationNs from then to the accumulated vector
     * @param joinNs from then to the keys
     * @param commitCpuNs processor time of all replicas in the first of these
     * @param accumulationCpuNs in the second
     * @param participants replicas that gave shares
     */
    record Measured(long commitNs, long accumulationNs, long joinNs, long commitCpuNs, long accumulationCpuNs,
                    int participants) {
        long totalNs() {
            return commitNs + accumulationNs + joinNs;
        }
    }

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
        final ThreadCosts costs = new ThreadCosts(Set.of(Thread.currentThread().getId()));
        client.prepare();
        costs.start();
        final long asked = System.nanoTime();
        client.commit();
        final long committed = System.nanoTime();
        final long commitCpuNs = costs.stop().service().cpuNs();
        costs.start();
        final long askedAgain = System.nanoTime();
        final int participants = client.accumulate();
        final long accumulated = System.nanoTime();
        final long accumulationCpuNs = costs.stop().service().cpuNs();
        final long joining = System.nanoTime();
        client.join();
        final long joined = System.nanoTime();
        return new Measured(committed - asked, accumulated - askedAgain, joined - joining, commitCpuNs,
            accumulationCpuNs, participants);
    }
}
