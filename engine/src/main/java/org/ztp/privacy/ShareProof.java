package org.ztp.privacy;

import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.rules.EvidenceCheck;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Evidence.About;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.merkle.InclusionProof;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;

/**
 * Checks evidence that a replica signed a share which is not the committed one. What an honest replica signs always
 * leads to the committed root, so evidence against one cannot be made.
 *
 * @param keys the replicas' keys
 */
public record ShareProof(SubClusterKeys keys) implements EvidenceCheck {
    @Override
    public Optional<String> refusal(final Evidence evidence, final ChunkRange asked, final Hash root,
                                    final int entries) {
        final int sent = evidence.about() == About.CHUNK ? asked.count() : 1;
        final SignedOpening proof = evidence.proof();
        if (proof.sent() != sent || evidence.replica() >= keys.replicas()) {
            return Optional.of("the evidence is about another release: sent=" + proof.sent() + " replica="
                + evidence.replica());
        }
        if (!isSigned(evidence)) {
            return Optional.of("replica " + evidence.replica() + " did not sign this share");
        }
        final int place = evidence.about() == About.CHUNK ? asked.first() + proof.position() : 0;
        return fits(proof.opening(), place, root, entries)
            ? Optional.of("the share is the committed one: replica=" + evidence.replica() + " place=" + place)
            : Optional.empty();
    }

    /** Whether the bytes are the opening of the share at this place of the vector under the root. */
    static boolean fits(final byte[] opening, final int place, final Hash root, final int entries) {
        return ShareOpening.decode(opening).filter(it -> it.chunk() == place && it.matches(root, entries)).isPresent();
    }

    private boolean isSigned(final Evidence evidence) {
        final SignedOpening proof = evidence.proof();
        final TreeHasher hasher = new TreeHasher();
        final byte[] leaf = new byte[Hash.BYTES];
        hasher.leaf(proof.opening(), 0, proof.opening().length, leaf, 0);
        final byte[] root = proof.root().toBytes();
        return InclusionProof.verify(hasher, proof.position(), proof.sent(), leaf, proof.path(), root)
            && keys.signing().get(evidence.replica()).verify(proof.signature(), new ReleaseName(keys.chain(),
                evidence.request(), 0).signed(evidence.replica(), evidence.about(), proof.sent(), root));
    }
}
