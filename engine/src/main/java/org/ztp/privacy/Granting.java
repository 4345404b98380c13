package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.wire.Hash;

/** The owner's side of a new contract: from the key file and the PUBLISH alone, what its new seekers need. */
public final class Granting {
    private final SubClusterKeys keys;
    private final Randomness randomness;

    /**
     * @param keys replicas of the dataset's sub-cluster
     * @param randomness where openers and salts come from
     */
    public Granting(final SubClusterKeys keys, final Randomness randomness) {
        this.keys = keys;
        this.randomness = randomness;
    }

    /**
     * The transaction for a new version of a contract.
     *
     * @param publish the dataset's PUBLISH
     * @param owner the key that signed it
     * @param contract the new contract; its version is one above that which it replaces
     * @param held the chunks in the parts that seekers have already; those of whom all are there get no new part
     * @throws SharingException when the key is not the owner's or the contract is not for this dataset
     */
    public Grant grant(final Publish publish, final SigningKey owner, final Contract contract,
                       final Map<Hash, List<ChunkRange>> held) throws SharingException {
        final Hash ownerKey = Hash.of(owner.verifyKey().bytes());
        final DatasetContext context = keys.context(ownerKey, publish);
        if (contract.chunks() != publish.dataset().chunks()) {
            throw new SharingException(Kind.BAD_INPUT, "the contract is not for this dataset: expected chunks="
                + publish.dataset().chunks() + " actual=" + contract.chunks(), "read the policy for this dataset");
        }
        final byte[] masterSecret = OwnerBox.open(context, owner, publish.ownerBox())
            .orElseThrow(() -> new SharingException(Kind.BAD_INPUT, "this key did not publish the dataset",
                "give the key file of the dataset's owner"));
        try (ChunkHalves halves = new ChunkHalves(masterSecret, context.nonce())) {
            final PartSealing sealing = new PartSealing(keys, context, randomness);
            final List<SeekerPart> parts = new ArrayList<>();
            for (final Map.Entry<Hash, List<ChunkRange>> seeker : contract.rangesBySeeker().entrySet()) {
                if (!covers(held.getOrDefault(seeker.getKey(), List.of()), seeker.getValue())) {
                    parts.add(sealing.part(seeker.getKey(), seeker.getValue(), halves));
                }
            }
            return new Grant(Publish.id(keys.chain(), ownerKey, publish.nonce()), contract.version() - 1, contract,
                parts);
        } finally {
            Secrets.zero(masterSecret);
        }
    }

    private static boolean covers(final List<ChunkRange> held, final List<ChunkRange> wanted) {
        return wanted.stream().allMatch(chunks -> held.stream().anyMatch(range -> range.contains(chunks)));
    }
}
