package org.ztp.ledger;

/** The two phases of a block's way to being final. */
public enum Phase {
    /** The block is valid and its batches are here. */
    PREPARE(1),
    /** The prepare certificate is here, and the replica is locked on it. */
    COMMIT(2);

    private final int code;

    Phase(final int code) {
        this.code = code;
    }

    /** The byte that stands for it. */
    public int code() {
        return code;
    }
}
