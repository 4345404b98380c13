package org.ztp.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.ztp.config.Setting;

/**
 * The figures of one run.
 *
 * @param plan what was measured
 * @param measured what the clients saw, and what it cost
 * @param idle part of one core used without load, NaN if it was not measured
 * @param hashLimit transactions a second if they were only hashed, once for each replica
 * @param signatureLimit transactions a second if only signatures were checked, many together, once for each replica
 * @param oneByOneLimit the same if each signature were checked by itself
 * @param signedLimit transactions a second if signatures were made too, by clients on the same cores
 * @param journalLimit transactions a second if they were only written
 * @param host the machine
 */
record BenchResult(BenchPlan plan, BenchRun.Measured measured, double idle, double hashLimit, double signatureLimit,
                   double oneByOneLimit, double signedLimit, double journalLimit, Map<String, Object> host) {
    private static final double NANOS = 1e9;

    double transactionsPerSecond() {
        return measured.transactions() * NANOS / measured.nanos();
    }

    private double perTransaction(final double amount) {
        return measured.transactions() == 0 ? Double.NaN : amount / measured.transactions();
    }

    private double micros(final double percentile) {
        return measured.latencies().getValueAtPercentile(percentile) / 1e3;
    }

    /**
     * Replicas for which a batch is checked at once: all of a sub-cluster, as the setting {@code checks} says, or 1.
     */
    private int sharing() {
        return plan.configuration().text(Setting.CHECKS).equals("once") ? plan.subClusterSize() : 1;
    }

    /** All figures by their names; times in microseconds. */
    Map<String, Object> document() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("txPerSecond", round(transactionsPerSecond()));
        out.put("bundlesPerSecond", round(transactionsPerSecond() / plan.load().transactions()));
        out.put("blocksPerSecond", round(measured.blocks() * NANOS / measured.nanos()));
        out.put("p50Micros", round(micros(50)));
        out.put("p90Micros", round(micros(90)));
        out.put("p99Micros", round(micros(99)));
        out.put("p999Micros", round(micros(99.9)));
        out.put("maxMicros", round(measured.latencies().getMaxValue() / 1e3));
        out.put("hashLimitTxPerSecond", round(hashLimit * sharing()));
        out.put("signatureLimitTxPerSecond", round(signatureLimit * sharing()));
        out.put("signatureOneByOneLimitTxPerSecond", round(oneByOneLimit * sharing()));
        out.put("hashEachLimitTxPerSecond", round(hashLimit));
        out.put("signatureEachLimitTxPerSecond", round(signatureLimit));
        out.put("signatureBatchGain", round(signatureLimit / oneByOneLimit));
        out.put("signedAndCheckedLimitTxPerSecond", round(signedLimit));
        out.put("journalLimitTxPerSecond", round(journalLimit));
        out.put("fractionOfLimit", round(transactionsPerSecond() / hashLimit / sharing()));
        out.put("fractionOfSignatureLimit", round(transactionsPerSecond() / signatureLimit / sharing()));
        out.put("fractionOfSignedAndCheckedLimit", round(transactionsPerSecond() / signedLimit));
        out.put("fractionOfJournalLimit", round(transactionsPerSecond() / journalLimit));
        out.put("allocatedBytesPerTx", round(perTransaction(measured.costs().service().allocatedBytes())));
        out.put("serviceCpuMicrosPerTx", round(perTransaction(measured.costs().service().cpuNs() / 1e3)));
        out.put("clientCpuMicrosPerTx", round(perTransaction(measured.costs().clients().cpuNs() / 1e3)));
        out.put("processCpuMicrosPerTx", round(measured.cpuMicros()));
        out.put("compilerFraction", round(measured.times().compilerShare()));
        out.put("idleCpuFraction", round(idle));
        out.put("busyReplies", measured.refusals());
        if (plan.load().isPaced()) {
            out.put("dueAndNotFinal", measured.due());
        }
        out.put("transactions", measured.transactions());
        out.put("seconds", round(measured.nanos() / NANOS));
        measured.drift().document(out);
        out.put("setting", setting());
        out.put("host", host);
        return out;
    }

    private Map<String, Object> setting() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("replicas", plan.replicas());
        out.put("payloadBytes", plan.load().payloadBytes());
        out.put("transactionsPerBundle", plan.load().transactions());
        out.put("clients", plan.load().clients());
        out.put("bundlesInFlightPerClient", plan.load().inFlight());
        out.put("rateTxPerSecond", plan.load().isPaced() ? round(plan.load().rate()) : null);
        out.put("durability", plan.configuration().durability().name().toLowerCase(Locale.ROOT));
        out.put("threads", plan.configuration().threads());
        out.put("checks", plan.configuration().text(Setting.CHECKS));
        out.put("warmupSeconds", plan.warmupSeconds());
        out.put("bundlesMadeBefore", round(measured.stocked()));
        return out;
    }

    /** Three digits behind the point are enough of any of them. */
    static Object round(final double value) {
        return Double.isFinite(value) ? (Object) (Math.round(value * 1e3) / 1e3) : null;
    }

    /** What of a load at fixed times was left; its age counts in the times above. */
    private String due() {
        return plan.load().isPaced() ? "%ndue and not final    %,11d   transactions at the end".formatted(measured.due()) : "";
    }

    /** A table for people. */
    String text() {
        return """
            transactions/s      %,12.0f   (%,.0f bundles/s, %,.0f blocks/s)
            submit to final     p50 %.2f ms   p90 %.2f ms   p99 %.2f ms   max %.2f ms%s
            %s
            allocated           %,12.1f   bytes a transaction, by the service's threads
            processor time      %,12.2f   us a transaction (service %.2f, clients %.2f); %.1f %% of it the compilers'
            this machine at most, if nothing else were to be done:
              hashing           %,12.0f   transactions/s: reached %.1f %% (if each replica hashes by itself: %.1f %%)
              signatures        %,12.0f   transactions/s: reached %.1f %% (if each replica checks by itself: %.1f %%)
              one by one        %,12.0f   transactions/s: together is %.2f times as fast
              and signing them  %,12.0f   transactions/s, as clients do on the same cores: reached %.1f %%
              journals          %,12.0f   transactions/s: reached %.1f %%
            %d replicas, %s, checks %s; %d clients, %d transactions of %d bytes a bundle
            made and signed before the measured time: %.0f %% of the bundles, the others by the clients while it ran
            %s, %s cores, %s, %s on %s""".formatted(
            transactionsPerSecond(), transactionsPerSecond() / plan.load().transactions(),
            measured.blocks() * NANOS / measured.nanos(),
            micros(50) / 1e3, micros(90) / 1e3, micros(99) / 1e3, measured.latencies().getMaxValue() / 1e6, due(),
            measured.drift().text(),
            perTransaction(measured.costs().service().allocatedBytes()),
            measured.cpuMicros(),
            perTransaction(measured.costs().service().cpuNs() / 1e3),
            perTransaction(measured.costs().clients().cpuNs() / 1e3), 100 * measured.times().compilerShare(),
            hashLimit * sharing(), 100 * transactionsPerSecond() / hashLimit / sharing(),
            100 * transactionsPerSecond() / hashLimit,
            signatureLimit * sharing(), 100 * transactionsPerSecond() / signatureLimit / sharing(),
            100 * transactionsPerSecond() / signatureLimit,
            oneByOneLimit * sharing(), signatureLimit / oneByOneLimit, signedLimit, 100 * transactionsPerSecond() / signedLimit,
            journalLimit, 100 * transactionsPerSecond() / journalLimit,
            plan.replicas(), "durability " + plan.configuration().durability().name().toLowerCase(Locale.ROOT),
            plan.configuration().text(Setting.CHECKS), plan.load().clients(), plan.load().transactions(), plan.load().payloadBytes(),
            100 * measured.stocked(), host.get("cpu"), host.get("cores"), host.get("jdk"), host.get("fileSystem"), host.get("kernel"));
    }
}
