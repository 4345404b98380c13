package org.ztp.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Takes the results of a command, in UTF-8, and knows when one did not get there: a disk that is full, or a reader that has
 * gone, must not look like a command that is done.
 */
final class Results extends PrintWriter {
    /** What a shell calls the end of a process by SIGPIPE. */
    private static final int READER_GONE = 128 + 13;

    private final Watched stream;

    /** Results that go to a stream, which is not buffered. */
    Results(final OutputStream stream) {
        this(new Watched(stream));
    }

    private Results(final Watched stream) {
        super(stream, false, StandardCharsets.UTF_8);
        this.stream = stream;
    }

    /** The exit code of a command that would end with another one; tells why if that is 0 and results were lost. */
    int end(final int code, final PrintWriter err) {
        if (!checkError() || code != Exit.DONE.code()) {
            return code;
        }
        final String reason = stream.failure.getMessage();
        return "Broken pipe".equals(reason) ? READER_GONE : Failures.tell(err, Exit.USAGE,
            "standard output could not be written: " + reason,
            "what the command had to do is done; its result alone is lost, or on stderr");
    }

    /** Keeps why writing failed first, which a {@link PrintWriter} does not. */
    private static final class Watched extends FilterOutputStream {
        private volatile IOException failure;

        private Watched(final OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(final int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (final IOException failed) {
                failure = failure == null ? failed : failure;
                throw failed;
            }
        }
    }
}
