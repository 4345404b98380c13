package org.ztp.audit;

/** What was looked at, counted. Owned by the verifying thread. */
final class Tally {
    private final Progress progress;
    private final long totalBytes;
    private String stage = "";
    private long bytes;
    long signatures;
    long certificates;
    long blobs;

    Tally(final Progress progress, final long totalBytes) {
        this.progress = progress;
        this.totalBytes = totalBytes;
    }

    void begin(final String nextStage) {
        stage = nextStage;
    }

    void read(final long count) {
        bytes += count;
        progress.at(stage, Math.min(bytes, totalBytes), totalBytes);
    }

    long bytes() {
        return bytes;
    }
}
