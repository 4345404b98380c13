package org.ztp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads little-endian fields from bytes that may be anything. It never throws for what the bytes hold: after the first
 * field that does not fit, {@link #failed()} is true and every read gives zero or empty. Not thread-safe.
 */
public final class WireReader {
    private static final byte[] EMPTY = new byte[0];

    private final byte[] bytes;
    private final int end;
    private int position;
    private boolean failed;

    /** Reads all of an array. */
    public WireReader(final byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads a range of an array; the range is the caller's and must be inside it. */
    public WireReader(final byte[] bytes, final int offset, final int length) {
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
            throw new IndexOutOfBoundsException("offset=" + offset + " length=" + length + " size=" + bytes.length);
        }
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    /** An unsigned byte. */
    public int u8() {
        return (int) number(1);
    }

    /** An unsigned 16-bit number. */
    public int u16() {
        return (int) number(2);
    }

    /** A 32-bit number; one of 2^31 or more fails. */
    public int u32() {
        final long value = number(4);
        return (int) (value <= Integer.MAX_VALUE ? value : fail());
    }

    /** A 64-bit number; one of 2^63 or more fails. */
    public long u64() {
        final long value = number(8);
        return value >= 0 ? value : fail();
    }

    /** A flag: 0 or 1, anything else fails. */
    public boolean flag() {
        final int value = u8();
        require(value <= 1);
        return value == 1;
    }

    /** A 32-bit count or length of at most {@code max}. */
    public int count(final int max) {
        final int value = u32();
        return (int) (value <= max ? value : fail());
    }

    /** A copy of the next {@code length} bytes. */
    public byte[] raw(final int length) {
        return take(length) ? Arrays.copyOfRange(bytes, position - length, position) : EMPTY;
    }

    /** A 32-byte hash. */
    public Hash hash() {
        return take(Hash.BYTES) ? Hash.copyOf(bytes, position - Hash.BYTES) : Hash.ZERO;
    }

    /** A 32-bit length of at most {@code max}, and that many bytes. */
    public byte[] bytes32(final int max) {
        return raw(count(max));
    }

    /**
     * A 32-bit length of at most {@code max}, and that many bytes, which are passed over: they end where the next read
     * starts.
     *
     * @return the length; 0 if they do not fit
     */
    public int span32(final int max) {
        final int length = count(max);
        return take(length) ? length : 0;
    }

    /** A 16-bit length of at most {@code maxBytes} and that many bytes of well-formed UTF-8. */
    public String text(final int maxBytes) {
        final int length = u16();
        if (length > maxBytes || !take(length)) {
            fail();
            return "";
        }
        if (isAscii(position - length, length)) {
            return new String(bytes, position - length, length, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, position - length, length)).toString();
        } catch (final CharacterCodingException notUtf8) {
            fail();
            return "";
        }
    }

    private boolean isAscii(final int from, final int length) {
        int all = 0;
        for (int i = from; i < from + length; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }

    /** Passes over bytes. */
    public void skip(final int length) {
        take(length);
    }

    /** Bytes not read yet. */
    public int remaining() {
        return failed ? 0 : end - position;
    }

    /** Where the next read starts, in the array. */
    public int position() {
        return position;
    }

    /** Marks the bytes as not well formed; used by decoders for rules of their own. Always 0. */
    public long fail() {
        failed = true;
        position = end;
        return 0;
    }

    /** Fails unless the rule holds. */
    public void require(final boolean rule) {
        if (!rule) {
            fail();
        }
    }

    /** Whether something did not fit. */
    public boolean failed() {
        return failed;
    }

    /** Whether all was well formed and nothing is left over. */
    public boolean finished() {
        return !failed && position == end;
    }

    private long number(final int width) {
        if (!take(width)) {
            return 0;
        }
        long value = 0;
        for (int i = 1; i <= width; i++) {
            value = value << 8 | bytes[position - i] & 0xff;
        }
        return value;
    }

    private boolean take(final int length) {
        if (failed || length < 0 || length > end - position) {
            fail();
            return false;
        }
        position += length;
        return true;
    }
}
