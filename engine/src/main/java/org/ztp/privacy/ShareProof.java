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
 * leads to the committed root, so evidence against one cannot be made. The chunks that were asked for may have been
 * sent in several messages, so a share's position in one says nothing about its chunk.
 *
 * @param keys the replicas' keys
 */
public record ShareProof(SubClusterKeys keys) implements EvidenceCheck {
    /** The only place of an opener's share. */
    static final ChunkRange OPENER = new ChunkRange(0, 0);

    @Override
    public Optional<String> refusal(final Evidence evidence, final ChunkRange asked, final Hash root,
                                    final int entries) {
        final ChunkRange places = evidence.about() == About.CHUNK ? asked : OPENER;
        final SignedOpening proof = evidence.proof();
        if (proof.sent() > places.count() || evidence.replica() >= keys.replicas()) {
            return Optional.of("the evidence is about another release: sent=" + proof.sent() + " replica="
                + evidence.replica());
        }
        if (!isSigned(evidence)) {
            return Optional.of("replica " + evidence.replica() + " did not sign this share");
        }
        return committed(proof.opening(), places, root, entries).map(opening ->
            "the share is the committed one: replica=" + evidence.replica() + " place=" + opening.chunk());
    }

    /** The opening that these bytes are, if it is of a share at one of these places of the vector under the root. */
    static Optional<ShareOpening> committed(final byte[] opening, final ChunkRange places, final Hash root,
                                            final int entries) {
        return ShareOpening.decode(opening).filter(it -> places.contains(it.chunk()) && it.matches(root, entries));
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
