package org.ztp.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines of a stream as bytes, without their newline; any other byte is part of the line. */
final class Lines {
    private final InputStream input;
    private final int maxBytes;
    private final byte[] buffer = new byte[64 << 10];
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long number;

    Lines(final InputStream input, final int maxBytes) {
        this.input = input;
        this.maxBytes = maxBytes;
    }

    /** The next line, or null at the end. */
    byte[] next() throws IOException {
        while (true) {
            for (int i = position; i < limit; i++) {
                if (buffer[i] == '\n') {
                    keep(i);
                    position = i + 1;
                    return take();
                }
            }
            keep(limit);
            limit = input.read(buffer);
            position = 0;
            if (limit < 0) {
                limit = 0;
                return begun.size() > 0 ? take() : null;
            }
        }
    }

    private void keep(final int end) {
        if (end - position > maxBytes - begun.size()) {
            throw new CommandException(Exit.USAGE, "line " + (number + 1) + " is too long: limit=" + maxBytes
                + " bytes", "publish large data as a file: ztp publish");
        }
        begun.write(buffer, position, end - position);
    }

    private byte[] take() {
        final byte[] line = begun.toByteArray();
        begun.reset();
        number++;
        return line;
    }
}
