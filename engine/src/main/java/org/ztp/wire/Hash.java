package org.ztp.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** A SHA-256 value of 32 bytes: immutable, ordered as unsigned bytes, printed as 64 lower-case hexadecimal digits. */
public final class Hash implements Comparable<Hash> {
    /** Size in bytes. */
    public static final int BYTES = 32;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Hash::newDigest);
    /** All zero: the name of nothing. */
    public static final Hash ZERO = new Hash(new byte[BYTES], 0);

    /** The bytes, eight in each, the first one most significant: one object of 48 bytes instead of two of 64. */
    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private Hash(final byte[] source, final int offset) {
        Objects.checkFromIndexSize(offset, BYTES, source.length);
        first = (long) WORD.get(source, offset);
        second = (long) WORD.get(source, offset + 8);
        third = (long) WORD.get(source, offset + 16);
        fourth = (long) WORD.get(source, offset + 24);
    }

    /** The hash that these 32 bytes are; they are copied. */
    public static Hash of(final byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("hash length: expected=32 actual=" + bytes.length);
        }
        return new Hash(bytes, 0);
    }

    /** The hash at an offset of an array; copied. */
    public static Hash copyOf(final byte[] source, final int offset) {
        return new Hash(source, offset);
    }

    /** SHA-256 (FIPS 180-4) over the parts one after another; for cold code, the hot path keeps its own hasher. */
    public static Hash sha256(final byte[]... parts) {
        final MessageDigest digest = OF_THREAD.get();
        for (final byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest(), 0);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Parses 64 hexadecimal digits; empty if they are not. */
    public static Optional<Hash> parse(final String hex) {
        if (hex.length() != 2 * BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Hash(HexFormat.of().parseHex(hex), 0));
        } catch (final IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }

    /** Copies the 32 bytes to an offset of an array. */
    public void copyTo(final byte[] target, final int offset) {
        Objects.checkFromIndexSize(offset, BYTES, target.length);
        WORD.set(target, offset, first);
        WORD.set(target, offset + 8, second);
        WORD.set(target, offset + 16, third);
        WORD.set(target, offset + 24, fourth);
    }

    /** Whether the 32 bytes at an offset of an array are this hash; allocates nothing. */
    public boolean matches(final byte[] source, final int offset) {
        Objects.checkFromIndexSize(offset, BYTES, source.length);
        return first == (long) WORD.get(source, offset) && second == (long) WORD.get(source, offset + 8)
            && third == (long) WORD.get(source, offset + 16) && fourth == (long) WORD.get(source, offset + 24);
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        final byte[] bytes = new byte[BYTES];
        copyTo(bytes, 0);
        return bytes;
    }

    /** The first eight digits, for people. */
    public String brief() {
        return HexFormat.of().formatHex(toBytes(), 0, 4);
    }

    @Override
    public int compareTo(final Hash other) {
        return first != other.first ? Long.compareUnsigned(first, other.first)
            : second != other.second ? Long.compareUnsigned(second, other.second)
            : third != other.third ? Long.compareUnsigned(third, other.third)
            : Long.compareUnsigned(fourth, other.fourth);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Hash hash && first == hash.first && second == hash.second && third == hash.third
            && fourth == hash.fourth;
    }

    @Override
    public int hashCode() {
        return Integer.reverseBytes((int) (first >>> Integer.SIZE)); // the first four bytes, which are random
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
