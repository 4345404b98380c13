package org.ztp.audit;

import java.util.Locale;
import java.util.function.BiConsumer;
import org.ztp.audit.VerificationReport.Counts;

/** A report as JSON (RFC 8259), on one line. */
final class ReportJson {
    private final StringBuilder out = new StringBuilder();
    private boolean first = true;

    private ReportJson() {
    }

    static String of(final VerificationReport report) {
        final ReportJson json = new ReportJson();
        final Counts counts = report.counts();
        json.open('{').value("consistent", report.consistent()).text("chain", report.chain().toString())
            .value("running", report.running()).value("height", report.height())
            .value("transactions", counts.transactions()).value("signatures", counts.signatures())
            .value("certificates", counts.certificates()).value("bytes", counts.bytes())
            .value("datasets", counts.datasets()).value("blobs", counts.blobs())
            .value("seconds", String.format(Locale.ROOT, "%.3f", report.seconds()))
            .list("subClusters", report.subClusters(), (one, to) -> to.value("subCluster", one.subCluster())
                .value("height", one.height()).text("block", one.block().toString())
                .text("stateDigest", one.stateDigest().toString()).value("transactions", one.transactions()))
            .list("replicas", report.replicas(), (one, to) -> to.value("replica", one.replica())
                .value("height", one.height()).value("records", one.records()))
            .value("findingCount", report.faultCount()).list("findings", report.faults(), ReportJson::finding)
            .value("noteCount", report.noteCount()).list("notes", report.notes(), ReportJson::finding).close('}');
        return json.out.toString();
    }

    private static void finding(final Finding finding, final ReportJson to) {
        to.text("file", finding.file()).value("offset", finding.offset());
        if (finding.height() >= 0) {
            to.value("height", finding.height());
        }
        if (!finding.subject().isEmpty()) {
            to.text("subject", finding.subject());
        }
        to.text("reason", finding.reason());
    }

    private ReportJson open(final char bracket) {
        out.append(bracket);
        first = true;
        return this;
    }

    private ReportJson close(final char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    private ReportJson separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
        return this;
    }

    private ReportJson name(final String name) {
        separate().quote(name);
        out.append(':');
        return this;
    }

    private ReportJson value(final String name, final Object numberOrBoolean) {
        name(name).out.append(numberOrBoolean);
        return this;
    }

    private ReportJson text(final String name, final String text) {
        return name(name).quote(text);
    }

    private <T> ReportJson list(final String name, final Iterable<T> elements,
                                final BiConsumer<T, ReportJson> fields) {
        name(name).open('[');
        for (final T element : elements) {
            separate().open('{');
            fields.accept(element, this);
            close('}');
        }
        return close(']');
    }

    private ReportJson quote(final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }
}
