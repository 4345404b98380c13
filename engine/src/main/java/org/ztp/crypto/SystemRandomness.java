package org.ztp.crypto;

import java.security.SecureRandom;

/** Random bytes from the operating system, by the JDK's {@link SecureRandom}. Any thread may use it. */
public final class SystemRandomness implements Randomness {
    private final SecureRandom source = new SecureRandom();

    @Override
    public void fill(final byte[] out, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        source.nextBytes(bytes);
        System.arraycopy(bytes, 0, out, offset, length);
        Secrets.zero(bytes);
    }
}
