package org.ztp.crypto;

import javax.crypto.SecretKey;

/**
 * A symmetric key for the JDK's ciphers that, unlike {@link javax.crypto.spec.SecretKeySpec}, can be overwritten.
 * The ciphers ask for {@link #getEncoded()} and overwrite that copy themselves.
 */
final class RawKey implements SecretKey {
    private final transient byte[] bytes;
    private final String algorithm;
    private boolean destroyed;

    RawKey(final byte[] source, final int offset, final int length, final String algorithm) {
        bytes = new byte[length];
        System.arraycopy(source, offset, bytes, 0, length);
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key was destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Secrets.zero(bytes);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "RawKey[" + algorithm + ", " + bytes.length + " bytes]";
    }
}
