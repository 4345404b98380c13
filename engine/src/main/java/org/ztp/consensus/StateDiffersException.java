package org.ztp.consensus;

/**
 * The state that this replica goes on from is not the one that a quorum has certified. It must not vote on it. What its
 * journal holds is certified block by block, so what was derived from that is to be derived anew.
 */
public final class StateDiffersException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    StateDiffersException(final String message) {
        super(message);
    }
}
