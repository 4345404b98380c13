package org.ztp.crypto;

import java.util.Random;

/** Random bytes that a seed replays: for tests alone. */
public final class SeededRandomness implements Randomness {
    private final Random random;

    public SeededRandomness(final long seed) {
        random = new Random(seed);
    }

    @Override
    public void fill(final byte[] out, final int offset, final int length) {
        for (int i = 0; i < length; i++) {
            out[offset + i] = (byte) random.nextInt(256);
        }
    }
}
