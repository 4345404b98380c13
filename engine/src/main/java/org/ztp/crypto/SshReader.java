package org.ztp.crypto;

import java.util.Arrays;

/** Reads the fields of RFC 4251, section 5, from untrusted bytes: u32 big-endian, and strings of u32 length. */
final class SshReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    SshReader(final byte[] bytes, final int offset) {
        this.bytes = bytes;
        position = offset;
        end = bytes.length;
    }

    int remaining() {
        return end - position;
    }

    /** A number of 0 .. 2^31-1; the format knows no greater ones that make sense. */
    int u32() throws KeyFormatException {
        if (remaining() < Integer.BYTES) {
            throw truncated();
        }
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << 8 | bytes[position++] & 0xff;
        }
        if (value < 0) {
            throw truncated();
        }
        return value;
    }

    byte[] string() throws KeyFormatException {
        return take(u32());
    }

    byte[] take(final int length) throws KeyFormatException {
        if (length > remaining()) {
            throw truncated();
        }
        final byte[] value = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return value;
    }

    private static KeyFormatException truncated() {
        return new KeyFormatException("the key is truncated", "copy the whole key file again");
    }
}
