package org.ztp.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of one file. On a machine that others use too, the processor times tell more than the clock.
 *
 * @param plan what was measured
 * @param publish until its ciphertexts are durable and the transaction is made
 * @param request from the shares to the plain bytes, durable
 * @param crypto reading, encrypting and hashing it only
 * @param write writing it only, in files of a chunk's size
 * @param copy reading such files and writing one only
 * @param host the machine
 */
record FilesResult(FilesPlan plan, FilesRun.Took publish, FilesRun.Took request, FilesRun.Took crypto,
                   FilesRun.Took write, FilesRun.Took copy, Map<String, Object> host) {
    private static final double MEGA = 1e6;

    /** All figures by their names; rates in bytes a second. */
    Map<String, Object> document() {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("publishBytesPerSecond", Math.round(plan.bytes() / publish.seconds()));
        out.put("requestBytesPerSecond", Math.round(plan.bytes() / request.seconds()));
        out.put("cryptoLimitBytesPerSecond", Math.round(plan.bytes() / crypto.seconds()));
        out.put("writeLimitBytesPerSecond", Math.round(plan.bytes() / write.seconds()));
        out.put("readAndWriteLimitBytesPerSecond", Math.round(plan.bytes() / copy.seconds()));
        out.put("publishFractionOfCryptoLimit", round(crypto.seconds() / publish.seconds()));
        out.put("requestFractionOfCryptoLimit", round(crypto.seconds() / request.seconds()));
        out.put("publishFractionOfWriteLimit", round(write.seconds() / publish.seconds()));
        out.put("requestFractionOfReadAndWriteLimit", round(copy.seconds() / request.seconds()));
        out.put("publishFractionOfBothLimits", round(both(crypto, write) / publish.seconds()));
        out.put("requestFractionOfBothLimits", round(both(crypto, copy) / request.seconds()));
        out.put("publishCpuSeconds", round(publish.cpuSeconds()));
        out.put("requestCpuSeconds", round(request.cpuSeconds()));
        out.put("cryptoCpuSeconds", round(crypto.cpuSeconds()));
        out.put("writeCpuSeconds", round(write.cpuSeconds()));
        out.put("readAndWriteCpuSeconds", round(copy.cpuSeconds()));
        out.put("setting", Map.of("bytes", plan.bytes(), "chunkBytes", plan.chunkBytes(), "threads", plan.threads()));
        out.put("host", host);
        return out;
    }

    /** The least that two steps take which need different parts of the machine, seconds. */
    private static double both(final FilesRun.Took one, final FilesRun.Took other) {
        return Math.max(one.seconds(), other.seconds());
    }

    private static double round(final double value) {
        return Math.round(value * 1e3) / 1e3;
    }

    private double rate(final FilesRun.Took took) {
        return plan.bytes() / took.seconds() / MEGA;
    }

    private double percent(final FilesRun.Took limit, final FilesRun.Took took) {
        return 100 * limit.seconds() / took.seconds();
    }

    /** A table for people. */
    String text() {
        return """
            publishing          %,8.0f MB/s until all ciphertexts are durable; processor time %.1f s
            requesting          %,8.0f MB/s from the shares of the keys to a durable file; %.1f s
            this machine at most, with as many threads:
              AES-GCM, SHA-256  %,8.0f MB/s reading the file, writing nothing: reached %.0f %% and %.0f %%; %.1f s
              writing           %,8.0f MB/s in files of a chunk's size, each synced: publishing reached %.0f %%; %.1f s
              reading, writing  %,8.0f MB/s of such files to one, synced: requesting reached %.0f %%; %.1f s
              both at once      publishing reached %.0f %%, requesting %.0f %% of the slower of its two
            %,d bytes in chunks of %,d; %d threads
            %s, %s cores, %s, %s on %s""".formatted(rate(publish), publish.cpuSeconds(), rate(request),
            request.cpuSeconds(), rate(crypto), percent(crypto, publish), percent(crypto, request),
            crypto.cpuSeconds(), rate(write), percent(write, publish), write.cpuSeconds(),
            rate(copy), percent(copy, request), copy.cpuSeconds(),
            100 * both(crypto, write) / publish.seconds(), 100 * both(crypto, copy) / request.seconds(),
            plan.bytes(), plan.chunkBytes(), plan.threads(), host.get("cpu"), host.get("cores"), host.get("jdk"),
            host.get("fileSystem"), host.get("kernel"));
    }
}
