package org.ztp.release;

import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.Masking;

/** A replica's contribution to a sum: its shares times their Lagrange coefficient, masked for the seeker. Pure. */
public final class Contribution {
    private Contribution() {
    }

    /**
     * Makes a contribution, in place.
     *
     * @param group who shares the secrets
     * @param nodeKey this replica's own X25519 key
     * @param what the action that asked for it
     * @param shares this replica's shares of the first halves of the terms' chunks, then that of the opener, 32 bytes
     *     each, from the transactions that the terms name; becomes the contribution
     * @return the same array, which is no secret any more
     */
    public static byte[] compute(final ReleaseGroup group, final X25519PrivateKey nodeKey,
                                 final ReleaseAction.Contribute what, final byte[] shares) {
        if (shares.length != what.terms().vectorBytes()) {
            throw new IllegalArgumentException("shares: expected=" + what.terms().vectorBytes() + " actual="
                + shares.length + " bytes");
        }
        Masking.contribute(group.sharing(), group.number(group.self()), nodeKey, what.terms().freshKey(),
            what.context(), shares);
        return shares;
    }
}
