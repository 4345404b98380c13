package org.ztp.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on stderr while something lasts, if that is a terminal; nothing otherwise. */
final class Progress implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 200;
    private final ProgressBar bar;

    private Progress(final ProgressBar bar) {
        this.bar = bar;
    }

    /** Of records, whose number is not known before. */
    static Progress records(final Common common) {
        return of(common, "Recording", -1, "", 1);
    }

    /** Of bytes, shown in MiB. */
    static Progress bytes(final Common common, final String task, final long total) {
        return of(common, task, total, " MiB", 1 << 20);
    }

    /** Of bytes whose number is told as they are read. */
    static Progress upTo(final Common common, final String task) {
        return of(common, task, 0, " MiB", 1 << 20);
    }

    private static Progress of(final Common common, final String task, final long total, final String unit,
                               final long unitSize) {
        return new Progress(!common.isInteractive() ? null : new ProgressBarBuilder().setTaskName(task)
            .setInitialMax(total).setUnit(unit, unitSize).setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setStyle(ProgressBarStyle.ASCII).clearDisplayOnFinish().build());
    }

    /** More of it is done. */
    void add(final long count) {
        if (bar != null) {
            bar.stepBy(count);
        }
    }

    /** So much of so much is done. */
    void at(final long done, final long total) {
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
