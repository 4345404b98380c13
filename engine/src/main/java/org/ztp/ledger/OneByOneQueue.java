package org.ztp.ledger;

/** Checks each signature when it is added. */
final class OneByOneQueue implements SignatureQueue {
    private final ClientSignatures signatures;
    private final boolean[] holds = new boolean[LIMIT];
    private int size;

    OneByOneQueue(final ClientSignatures signatures) {
        this.signatures = signatures;
    }

    @Override
    public void add(final byte[] key, final int keyOffset, final byte[] signature, final int signatureOffset,
                    final byte[] message) {
        holds[size++] = signatures.check(key, keyOffset, signature, signatureOffset, message);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void check() {
        // Each was checked when it was added.
    }

    @Override
    public boolean holds(final int index) {
        return holds[index];
    }

    @Override
    public void clear() {
        size = 0;
    }
}
