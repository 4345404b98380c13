package org.ztp.cluster;

import java.io.IOException;
import java.nio.file.Path;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.Passphrase;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.X25519PrivateKey;

/**
 * The private key of one replica: an OpenSSH private key file without a passphrase that only its owner may read. It
 * signs the replica's votes, and its X25519 form opens what is sealed to the replica. {@link #close} overwrites it.
 */
public final class NodeKey implements AutoCloseable {
    private final SshPrivateKey file;

    private NodeKey(final SshPrivateKey file) {
        this.file = file;
    }

    /**
     * Reads a replica's key.
     *
     * @throws KeyFormatException if others may read the file, it is no key, or not the one that the genesis names
     */
    public static NodeKey read(final Path path, final GenesisReplica replica) throws IOException, KeyFormatException {
        final NodeKey key = new NodeKey(SshKeyFiles.read(path, Passphrase.none()));
        try (X25519PrivateKey sealing = key.sealingKey()) {
            if (key.signingKey().verifyKey().equals(replica.signingKey())
                    && sealing.publicKey().equals(replica.sealingKey())) {
                return key;
            }
        }
        key.close();
        throw new KeyFormatException(path + " is not the key of replica " + replica.id() + ": expected="
            + replica.signingKey() + " actual=" + key.file.publicKey().key(),
            "put back the node.key that was made with this genesis.conf");
    }

    /** Signs votes; closed with this key. */
    public SigningKey signingKey() {
        return file.key();
    }

    /** A copy of what opens things sealed to the replica; its caller closes it. */
    public X25519PrivateKey sealingKey() {
        return file.key().toX25519();
    }

    @Override
    public void close() {
        file.close();
    }
}
