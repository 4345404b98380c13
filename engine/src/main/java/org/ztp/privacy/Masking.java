package org.ztp.privacy;

import java.util.List;
import org.ztp.crypto.Hkdf;
import org.ztp.crypto.KeyStream;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.crypto.X25519PublicKey;

/**
 * Contributions on their way to a seeker. A replica XORs its contribution with a key stream that only it and the seeker
 * can make: {@code AES-256-CTR(HKDF(X25519(node key, seeker's fresh key), context))}. The ranks XOR the masked vectors
 * together; whoever sees them on the way sees noise, and the seeker takes all masks off the sum.
 *
 * <p>The vector is the first halves of the chunks asked for, and then the opener: 32 bytes each.
 */
public final class Masking {
    private static final byte[] NO_SALT = new byte[0];

    private Masking() {
    }

    /**
     * The replica's side, in place: its shares become its masked contribution.
     *
     * @param sharing   the numbers of the sharing
     * @param replica   its own number
     * @param nodeKey   its own key
     * @param seekerKey the fresh key of the request
     * @param context   what the release is; its set has this replica in it
     * @param shares    the vector of its shares; of any length
     */
    public static void contribute(final SecretSharing sharing, final int replica, final X25519PrivateKey nodeKey,
                                  final X25519PublicKey seekerKey, final ReleaseContext context,
                                  final byte[] shares) {
        sharing.contribution(replica, context.set(), shares);
        mask(nodeKey, seekerKey, context.maskInfo(replica, nodeKey.publicKey().bytes(), seekerKey.bytes()), shares);
    }

    /**
     * The seeker's side, in place: the XOR of all contributions becomes the secret.
     *
     * @param seekerKey the fresh key of the request
     * @param nodeKeys  the public keys of all replicas, by their numbers
     * @param context   what the release is
     * @param sum       the XOR of the masked contributions of all replicas of the set
     */
    public static void unmask(final X25519PrivateKey seekerKey, final List<X25519PublicKey> nodeKeys,
                              final ReleaseContext context, final byte[] sum) {
        for (int place = 0; place < context.set().size(); place++) {
            final int replica = context.set().replica(place);
            final X25519PublicKey nodeKey = nodeKeys.get(replica);
            mask(seekerKey, nodeKey, context.maskInfo(replica, nodeKey.bytes(), seekerKey.publicKey().bytes()), sum);
        }
    }

    private static void mask(final X25519PrivateKey mine, final X25519PublicKey other, final byte[] info,
                             final byte[] vector) {
        final byte[] agreed = mine.agree(other);
        final byte[] key = Hkdf.derive(NO_SALT, agreed, info, KeyStream.KEY_BYTES);
        try (KeyStream stream = new KeyStream(key)) {
            stream.xor(0, vector, 0, vector.length);
        } finally {
            Secrets.zero(agreed);
            Secrets.zero(key);
        }
    }
}
