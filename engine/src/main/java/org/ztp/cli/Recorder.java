package org.ztp.cli;

import java.io.IOException;
import java.io.InputStream;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;

/**
 * Cuts a stream into lines, makes a RECORD of each, and bundles of these. Where it cuts depends on the bytes alone, so
 * the same input with the same submission gives the same bundles, and recording it again records nothing twice.
 */
final class Recorder {
    /** Most lines of a bundle. */
    static final int MAX_LINES = 1_000;
    /** A bundle is closed when it has this many bytes. */
    static final int FULL_BYTES = 256 << 10;
    private static final String MEDIA_TYPE = "";

    /** Takes bundles. */
    @FunctionalInterface
    interface Sink {
        /** The next bundle; counts from 0 in the order of the input. */
        void accept(Bundle bundle);
    }

    private final BundleBuilder builder;
    private final String entity;
    private final int maxLineBytes;
    private final Sink sink;
    private long sequence;
    private long records;

    /**
     * A recorder for one submission.
     *
     * @param builder makes its bundles
     * @param entity what the records are about, may be empty
     * @param maxLineBytes a longer line is refused
     * @param sink takes the bundles
     */
    Recorder(final BundleBuilder builder, final String entity, final int maxLineBytes, final Sink sink) {
        this.builder = builder;
        this.entity = entity;
        this.maxLineBytes = maxLineBytes;
        this.sink = sink;
    }

    /** Records every line up to the end of the stream; a last one without a newline counts too. */
    long recordAll(final InputStream input) throws IOException {
        final Lines lines = new Lines(input, maxLineBytes);
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            add(line);
        }
        if (builder.count() > 0) {
            sink.accept(builder.seal(sequence++));
        }
        return records;
    }

    private void add(final byte[] line) {
        final byte[] transaction = new RecordTransaction(entity, MEDIA_TYPE, line).encode();
        if (builder.count() > 0 && (long) builder.size() + 4 + transaction.length > FULL_BYTES) {
            sink.accept(builder.seal(sequence++));
        }
        if (!builder.add(transaction, 0, transaction.length)) {
            throw new CommandException(Exit.USAGE, "line " + (records + 1) + " is too long for a bundle", "");
        }
        records++;
        if (builder.count() == MAX_LINES) {
            sink.accept(builder.seal(sequence++));
        }
    }
}
