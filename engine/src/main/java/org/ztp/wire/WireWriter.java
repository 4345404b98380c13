package org.ztp.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes little-endian fields into a byte array that grows. Not thread-safe; reusable after {@link #clear()}. */
public final class WireWriter {
    private byte[] bytes;
    private int size;

    /** A writer with room for a small message. */
    public WireWriter() {
        this(256);
    }

    /**
     * A writer with the given room at first.
     *
     * @param initialBytes room in bytes
     */
    public WireWriter(final int initialBytes) {
        bytes = new byte[Math.max(16, initialBytes)];
    }

    /** Appends one unsigned byte. */
    public WireWriter u8(final int value) {
        return number(value, 1, 0xff);
    }

    /** Appends an unsigned 16-bit number. */
    public WireWriter u16(final int value) {
        return number(value, 2, 0xffff);
    }

    /** Appends a 32-bit number of 0 .. 2^31-1. */
    public WireWriter u32(final int value) {
        return number(value, 4, Integer.MAX_VALUE);
    }

    /** Appends a 64-bit number of 0 .. 2^63-1. */
    public WireWriter u64(final long value) {
        return number(value, 8, Long.MAX_VALUE);
    }

    /** Appends bytes as they are, without a length. */
    public WireWriter raw(final byte[] source) {
        return raw(source, 0, source.length);
    }

    /** Appends a range of bytes as they are, without a length. */
    public WireWriter raw(final byte[] source, final int offset, final int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** Appends a 32-byte hash. */
    public WireWriter hash(final Hash hash) {
        ensure(Hash.BYTES);
        hash.copyTo(bytes, size);
        size += Hash.BYTES;
        return this;
    }

    /** Appends a 32-bit length and that many bytes. */
    public WireWriter bytes32(final byte[] source) {
        return u32(source.length).raw(source);
    }

    /** Appends a 16-bit length and the UTF-8 bytes of a text of at most 65,535 bytes. */
    public WireWriter text(final String text) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u16(utf8.length).raw(utf8);
    }

    /** Appends a flag as 0 or 1. */
    public WireWriter flag(final boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** Forgets what was written, keeps the room. */
    public WireWriter clear() {
        size = 0;
        return this;
    }

    /** The array behind this writer, valid up to {@link #size()} and until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** What was written, without a copy if the room was just enough. The writer must not be used any more. */
    public byte[] finish() {
        return size == bytes.length ? bytes : toBytes();
    }

    private WireWriter number(final long value, final int width, final long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("out of range: value=" + value + " max=" + max);
        }
        ensure(width);
        for (int i = 0; i < width; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
        return this;
    }

    private void ensure(final int more) {
        if (more > bytes.length - size) {
            final long wanted = Math.max(2L * bytes.length, (long) size + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        }
    }
}
