package org.ztp.crypto;

/** Asked for the passphrase of a private key, only when that is protected by one. */
@FunctionalInterface
public interface Passphrase {
    /**
     * The passphrase's bytes (UTF-8), which the asker overwrites after use.
     *
     * @throws KeyFormatException when there is none to be had
     */
    byte[] ask() throws KeyFormatException;

    /** For where nobody can be asked: answers that the key is protected. */
    static Passphrase none() {
        return () -> {
            throw new KeyFormatException("the private key is protected by a passphrase",
                "run the command on a terminal, or use a key without a passphrase");
        };
    }
}
