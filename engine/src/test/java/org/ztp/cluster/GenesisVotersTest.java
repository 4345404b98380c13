package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;

final class GenesisVotersTest {
    private final List<SigningKey> keys = new ArrayList<>();
    private final Genesis genesis = GenesisTest.of(9, 4);

    GenesisVotersTest() {
        for (int i = 0; i < 9; i++) { // as GenesisTest makes them
            final byte[] seed = new byte[32];
            Arrays.fill(seed, (byte) (i + 1));
            keys.add(SigningKey.ofSeed(seed));
        }
    }

    @Test
    void eachSubClusterHasItsVotersAndItsQuorum() {
        final List<Voters> voters = GenesisVoters.of(genesis);
        assertEquals(List.of(0, 1), voters.stream().map(Voters::subCluster).toList());
        assertEquals(List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7, 8)),
            voters.stream().map(Voters::members).toList());
        assertEquals(List.of(3, 4), voters.stream().map(Voters::quorum).toList());
        assertTrue(voters.stream().allMatch(group -> group.chain().equals(genesis.chain())));
    }

    @Test
    void aReplicaSignsWithItsOwnKeyOnly() {
        final VoteSignatures signatures = GenesisVoters.signatures(genesis);
        final byte[] message = {1, 2, 3};
        final byte[] signature = keys.get(5).sign(message);
        assertTrue(signatures.check(5, message, signature));
        for (final int other : new int[] {-1, 4, 9, Integer.MAX_VALUE}) {
            assertFalse(signatures.check(other, message, signature));
        }
        assertFalse(signatures.check(5, new byte[3], signature));
        assertFalse(signatures.check(5, message, Arrays.copyOf(signature, 65)));
    }

    @Test
    void aClientSignsWithEd25519() {
        final SigningKey key = keys.get(0);
        final ClientSignatures signatures = GenesisVoters.clients(new VerifyKeys(16));
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()),
            new byte[Bundle.SUBMISSION_BYTES], key::sign);
        builder.add(new byte[] {1, 0, 0, 0, 0}, 0, 5);
        final Bundle bundle = builder.seal(0);
        final BundleHasher hasher = new BundleHasher(genesis.chain());
        assertTrue(hasher.verify(bundle, signatures));
        bundle.array()[Bundle.SIGNATURE_OFFSET] ^= 1;
        assertFalse(hasher.verify(bundle, signatures));
        Arrays.fill(bundle.array(), 0, Hash.BYTES, (byte) 0xff);
        assertFalse(hasher.verify(bundle, signatures));
    }
}
