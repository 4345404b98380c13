package org.ztp.crypto;

/**
 * Where random bytes come from. Everything that needs them takes this port, so that a test can replay them from a
 * seed; {@link SystemRandomness} is the real one.
 */
public interface Randomness {
    /**
     * Fills a range with bytes that nobody can predict.
     *
     * @param out    where to write
     * @param offset index of the first byte
     * @param length number of bytes
     */
    void fill(byte[] out, int offset, int length);

    /** A new array of {@code length} random bytes. */
    default byte[] bytes(final int length) {
        final byte[] out = new byte[length];
        fill(out, 0, length);
        return out;
    }
}
