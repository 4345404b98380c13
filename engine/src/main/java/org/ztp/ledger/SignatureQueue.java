package org.ztp.ledger;

/**
 * Signatures of clients that are gathered and then checked, together where that is faster; what holds and what does not
 * is the same as if each were checked alone. Owned by one thread at a time.
 */
public interface SignatureQueue {
    /** Most signatures between {@link #clear} and {@link #check}. */
    int LIMIT = 128;

    /**
     * Adds a signature, of which and of the message nothing needs to be kept. Its number is how many were added before;
     * {@link #LIMIT} fit in.
     *
     * @param key holds the 32 bytes of the key
     * @param keyOffset where they start
     * @param signature holds the 64 bytes of the signature
     * @param signatureOffset where they start
     * @param message what was signed, all of the array
     */
    void add(byte[] key, int keyOffset, byte[] signature, int signatureOffset, byte[] message);

    /** How many were added. */
    int size();

    /** Checks all that were added. */
    void check();

    /** After {@link #check}: whether a signature holds. */
    boolean holds(int index);

    /** Forgets all. */
    void clear();
}
