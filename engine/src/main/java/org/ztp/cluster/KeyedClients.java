package org.ztp.cluster;

import java.util.Optional;
import org.ztp.crypto.SignatureBatch;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.SignatureQueue;

/** Clients' signatures: Ed25519, alone and in batches by one rule. Threads may share it; decoded keys are kept. */
final class KeyedClients implements ClientSignatures {
    private final VerifyKeys keys;

    KeyedClients(final VerifyKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean check(final byte[] key, final int keyOffset, final byte[] signature, final int signatureOffset,
                         final byte[] message) {
        final Optional<VerifyKey> known = keys.get(key, keyOffset);
        return known.isPresent() && known.get().verify(signature, signatureOffset, message, 0, message.length);
    }

    @Override
    public SignatureQueue queue() {
        return new Batched(keys);
    }

    /** One batch again and again. */
    private static final class Batched implements SignatureQueue {
        private final VerifyKeys keys;
        private final SignatureBatch batch = new SignatureBatch(new SystemRandomness());

        Batched(final VerifyKeys keys) {
            this.keys = keys;
        }

        @Override
        public void add(final byte[] key, final int keyOffset, final byte[] signature, final int signatureOffset,
                        final byte[] message) {
            final Optional<VerifyKey> known = keys.get(key, keyOffset);
            if (known.isPresent()) {
                batch.add(known.get(), signature, signatureOffset, message, 0, message.length);
            } else {
                batch.addRefused();
            }
        }

        @Override
        public int size() {
            return batch.size();
        }

        @Override
        public void check() {
            batch.check();
        }

        @Override
        public boolean holds(final int index) {
            return batch.holds(index);
        }

        @Override
        public void clear() {
            batch.clear();
        }
    }
}
