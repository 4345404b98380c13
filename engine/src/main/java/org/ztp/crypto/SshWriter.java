package org.ztp.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of RFC 4251, section 5. Its buffer may hold secrets: {@link #close()} overwrites it. */
final class SshWriter implements AutoCloseable {
    private byte[] buffer = new byte[512];
    private int size;

    SshWriter u32(final int value) {
        return raw(new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    SshWriter string(final byte[] value) {
        return u32(value.length).raw(value);
    }

    SshWriter string(final String ascii) {
        return string(ascii.getBytes(StandardCharsets.UTF_8));
    }

    SshWriter raw(final byte[] value) {
        if (buffer.length - size < value.length) {
            final byte[] larger = Arrays.copyOf(buffer, Math.addExact(buffer.length, value.length) * 2);
            Secrets.zero(buffer);
            buffer = larger;
        }
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
        return this;
    }

    int size() {
        return size;
    }

    byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    @Override
    public void close() {
        Secrets.zero(buffer);
    }
}
