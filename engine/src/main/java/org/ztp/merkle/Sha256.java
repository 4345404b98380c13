package org.ztp.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;

/**
 * SHA-256 (FIPS 180-4), reusable and free of allocation after the first hash. Owned by one thread.
 *
 * <p>Feed it with {@code update}, take the result with {@code digest}, which also makes it ready for the next message.
 */
public final class Sha256 {
    /** Bytes of a hash. */
    public static final int LENGTH = 32;

    private static final int CHUNK = 4096;

    private final MessageDigest digest;
    private byte[] chunk;

    /** A new hasher with nothing fed yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e); // every runtime must have it
        }
    }

    /**
     * Feeds a slice of an array.
     *
     * @throws IndexOutOfBoundsException or {@link IllegalArgumentException} when the slice leaves the array
     */
    public Sha256 update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        return this;
    }

    /**
     * Feeds a slice of a buffer, on the heap or off it.
     *
     * @throws IndexOutOfBoundsException when the slice leaves the buffer
     */
    public Sha256 update(DirectBuffer buffer, int offset, int length) {
        buffer.boundsCheck(offset, length);
        byte[] array = buffer.byteArray();
        if (array != null) {
            digest.update(array, buffer.wrapAdjustment() + offset, length);
            return this;
        }
        if (chunk == null) {
            chunk = new byte[CHUNK];
        }
        for (int done = 0; done < length; ) {
            int part = Math.min(CHUNK, length - done);
            buffer.getBytes(offset + done, chunk, 0, part);
            digest.update(chunk, 0, part);
            done += part;
        }
        return this;
    }

    /** Writes the 32 bytes of the hash of all that was fed, and starts over. */
    public void digest(byte[] out, int offset) {
        try {
            digest.digest(out, offset, LENGTH);
        } catch (DigestException e) {
            throw new IllegalArgumentException(
                    "no room for a hash: offset=" + offset + " length=" + out.length, e);
        }
    }

    /** The hash of all that was fed, as a new array of 32 bytes; starts over. */
    public byte[] digest() {
        return digest.digest();
    }

    /** Forgets what was fed. */
    public void reset() {
        digest.reset();
    }

    /** The hash of one array as a new array of 32 bytes, for cold code. */
    public static byte[] of(byte[] bytes) {
        return new Sha256().update(bytes, 0, bytes.length).digest();
    }
}
