package org.ztp.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.CertificateVerdict.Fault;
import org.ztp.ledger.receipt.SampleChain;
import org.ztp.wire.Hash;

final class CertificateVerifierTest {
    private final SampleChain chain = new SampleChain();
    private final Voters voters = chain.voters();
    private final Certificate good;

    CertificateVerifierTest() {
        chain.append();
        good = chain.certificate(Phase.PREPARE, 1, 0, 2, 3);
    }

    @Test
    void aQuorumOfMembersIsGoodInEitherPhase() {
        assertTrue(CertificateVerifier.verify(good, voters).good());
        assertTrue(CertificateVerifier.verify(chain.certificate(Phase.COMMIT, 1, 0, 1, 2, 3), voters).good());
    }

    @Test
    void fewerVotesThanAQuorumAreNone() {
        assertEquals(new CertificateVerdict(Fault.TOO_FEW_VOTES, -1),
            CertificateVerifier.verify(chain.certificate(Phase.COMMIT, 1, 0, 1), voters));
    }

    @Test
    void aReplicasSecondVoteIsNamed() {
        assertEquals(new CertificateVerdict(Fault.VOTED_TWICE, 2),
            CertificateVerifier.verify(chain.certificate(Phase.COMMIT, 1, 0, 2, 2), voters));
    }

    @Test
    void aStrangersVoteIsNamed() {
        final Voters three = new Voters(Samples.CHAIN, 0, List.of(0, 1, 2), 3, voters.signatures());
        assertEquals(new CertificateVerdict(Fault.NOT_A_MEMBER, 3), CertificateVerifier.verify(good, three));
    }

    @Test
    void aForgedVoteIsNamedAlsoBeyondTheQuorum() {
        final List<Certificate.Signature> votes =
            new ArrayList<>(chain.certificate(Phase.PREPARE, 1, 0, 1, 2, 3).votes());
        final byte[] forged = votes.get(3).bytes().clone();
        forged[5] ^= 1;
        votes.set(3, new Certificate.Signature(3, forged));
        assertEquals(new CertificateVerdict(Fault.NOT_SIGNED, 3), CertificateVerifier.verify(
            new Certificate(Phase.PREPARE, 1, 1, good.block(), votes), voters));
    }

    @Test
    void votesSpeakOfOneChainSubClusterPhaseViewHeightAndBlock() {
        final Hash other = Hash.sha256();
        for (final Certificate changed : List.of(
                new Certificate(Phase.COMMIT, 1, 1, good.block(), good.votes()),
                new Certificate(Phase.PREPARE, 2, 1, good.block(), good.votes()),
                new Certificate(Phase.PREPARE, 1, 2, good.block(), good.votes()),
                new Certificate(Phase.PREPARE, 1, 1, other, good.votes()))) {
            assertEquals(new CertificateVerdict(Fault.NOT_SIGNED, 0), CertificateVerifier.verify(changed, voters));
        }
        assertFalse(CertificateVerifier.verify(good,
            new Voters(other, 0, voters.members(), 3, voters.signatures())).good());
        assertFalse(CertificateVerifier.verify(good,
            new Voters(Samples.CHAIN, 1, voters.members(), 3, voters.signatures())).good());
    }

    @Test
    void theGenesisHasOneCertificate() {
        assertTrue(CertificateVerifier.verify(Certificate.genesis(Samples.CHAIN), voters).good());
        assertEquals(Fault.OTHER_GENESIS, CertificateVerifier.verify(Certificate.genesis(Hash.ZERO), voters).fault());
        assertEquals(Fault.OTHER_GENESIS, CertificateVerifier.verify(
            new Certificate(Phase.COMMIT, 0, 0, Samples.CHAIN, List.of()), voters).fault());
    }
}
