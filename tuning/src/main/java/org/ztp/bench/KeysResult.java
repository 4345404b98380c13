package org.ztp.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The figures of requests for keys: medians, as requests come one after another on a machine that does other things
 * too.
 *
 * @param plan what was measured
 * @param measured each request
 * @param host the machine
 */
record KeysResult(KeysPlan plan, List<KeysRun.Measured> measured, Map<String, Object> host) {
    private static final double MILLIS = 1e6;

    /** All figures by their names; times in milliseconds. */
    Map<String, Object> document() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("requestMillis", round(median(KeysRun.Measured::totalNs) / MILLIS));
        out.put("commitMillis", round(median(KeysRun.Measured::commitNs) / MILLIS));
        out.put("accumulationMillis", round(median(KeysRun.Measured::accumulationNs) / MILLIS));
        out.put("joinMillis", round(median(KeysRun.Measured::joinNs) / MILLIS));
        out.put("worstRequestMillis", round(at(1, KeysRun.Measured::totalNs) / MILLIS));
        out.put("worstAccumulationMillis", round(at(1, KeysRun.Measured::accumulationNs) / MILLIS));
        out.put("keysPerSecond", round(keysPerSecond()));
        out.put("keysPerSecondFromRequest", round(plan.chunks() * 1e9 / median(KeysRun.Measured::totalNs)));
        out.put("commitCpuMillisPerReplica", round(commitCpuMillis()));
        out.put("accumulationCpuMillisPerParticipant", round(accumulationCpuMillis()));
        out.put("participants", measured.get(measured.size() - 1).participants());
        out.put("setting", setting());
        out.put("host", host);
        return out;
    }

    private double keysPerSecond() {
        return plan.chunks() * 1e9 / median(KeysRun.Measured::accumulationNs);
    }

    private double commitCpuMillis() {
        return mean(KeysRun.Measured::commitCpuNs) / MILLIS / plan.replicas();
    }

    private double accumulationCpuMillis() {
        return mean(KeysRun.Measured::accumulationCpuNs) / MILLIS / mean(KeysRun.Measured::participants);
    }

    private Map<String, Object> setting() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("replicas", plan.replicas());
        out.put("chunks", plan.chunks());
        out.put("requests", plan.requests());
        out.put("warmupRequests", plan.warmup());
        out.put("durability", durability());
        out.put("threads", plan.configuration().threads());
        return out;
    }

    private String durability() {
        return plan.configuration().durability().name().toLowerCase(Locale.ROOT);
    }

    private double median(final ToLongFunction<KeysRun.Measured> of) {
        return at(0.5, of);
    }

    private double at(final double quantile, final ToLongFunction<KeysRun.Measured> of) {
        final long[] sorted = measured.stream().mapToLong(of).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
    }

    private double mean(final ToLongFunction<KeysRun.Measured> of) {
        return measured.stream().mapToLong(of).average().orElseThrow();
    }

    private static double round(final double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    /** A table for people. */
    String text() {
        return """
            request to keys     %,12.2f   ms in one go, the median of %d requests for %,d keys (worst %.2f)
            the steps apart, each when all replicas are done with the one before:
              commit            %,12.2f   ms until the request is final and allowed; processor time a replica %.2f ms
              accumulation      %,12.2f   ms until all shares are one vector (worst %.2f); a participant %.2f ms
              join              %,12.2f   ms until all keys fit their commitments, by the seeker alone
            accumulated         %,12.0f   keys/s
            %d replicas, of which %d take part; durability %s; all on this machine:
            %s, %s cores, %s, %s on %s""".formatted(
            median(KeysRun.Measured::totalNs) / MILLIS, measured.size(), plan.chunks(),
            at(1, KeysRun.Measured::totalNs) / MILLIS,
            median(KeysRun.Measured::commitNs) / MILLIS, commitCpuMillis(),
            median(KeysRun.Measured::accumulationNs) / MILLIS, at(1, KeysRun.Measured::accumulationNs) / MILLIS,
            accumulationCpuMillis(), median(KeysRun.Measured::joinNs) / MILLIS, keysPerSecond(), plan.replicas(),
            measured.get(measured.size() - 1).participants(), durability(),
            host.get("cpu"), host.get("cores"), host.get("jdk"), host.get("fileSystem"), host.get("kernel"));
    }
}
