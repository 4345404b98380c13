package org.ztp.runtime;

import java.util.Optional;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;

/**
 * What a node takes in of bundles.
 *
 * @param bundleBytes longest bundle
 * @param pendingBytes most bytes of bundles not final, for each sub-cluster
 */
record BundleLimits(long bundleBytes, long pendingBytes) {
    private static final int BUSY_MILLIS = 5;

    /**
     * What is said to a bundle that is not taken in; empty if it is.
     *
     * @param heldBytes bytes of bundles that are held already
     */
    Optional<ServiceReply> refusal(final byte[] bundle, final long heldBytes) {
        if (bundle.length > bundleBytes) {
            return Optional.of(new Refused(Refused.Reason.BAD_REQUEST, "bundle: limit=" + bundleBytes + " bytes actual="
                + bundle.length, "hand in smaller bundles, or raise limits.bundle-bytes"));
        }
        return heldBytes > pendingBytes ? Optional.of(busy()) : Optional.empty();
    }

    static ServiceReply busy() {
        return new ServiceReply.Busy(BUSY_MILLIS);
    }
}
