package org.ztp.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.safety.Signer;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Signatures of the simulation: a keyed hash, twice. Only code that is given a replica's signer can make them. */
final class SimulatedKeys implements SignatureCheck {
    private final byte[] secret;

    /** Keys that a seed fixes. */
    SimulatedKeys(final long seed) {
        secret = Hash.sha256(new WireWriter().raw("simulated keys".getBytes(StandardCharsets.US_ASCII))
            .u64(seed & Long.MAX_VALUE).toBytes()).toBytes();
    }

    Signer signer(final int replica) {
        return message -> signature(replica, message);
    }

    @Override
    public boolean check(final int replica, final byte[] message, final byte[] signature) {
        return Arrays.equals(signature, signature(replica, message));
    }

    private byte[] signature(final int replica, final byte[] message) {
        final byte[] half = Hash.sha256(secret, new WireWriter(16).u32(replica).toBytes(), message).toBytes();
        final byte[] whole = Arrays.copyOf(half, 64);
        System.arraycopy(half, 0, whole, 32, 32);
        return whole;
    }
}
