package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.VerifyKey;
import org.ztp.wire.Hash;

/**
 * Seals what replicas and seekers get: shares with their commitments, second halves with their opener.
 *
 * @param keys the replicas' keys
 * @param context what the boxes are bound to
 * @param randomness where keys and salts come from
 */
record PartSealing(SubClusterKeys keys, DatasetContext context, Randomness randomness) {
    /** Seals one vector of shares a replica; the vectors are zeroed. */
    ReplicaBoxes firstHalves(final byte[][] shares) {
        return seal(shares, (box, replica) ->
            box.sealChunks(context, replica, keys.sealing().get(replica), randomness));
    }

    /** Seals the second halves of these chunks to a seeker, under a new opener that is shared among the replicas. */
    SeekerPart part(final Hash seeker, final List<ChunkRange> ranges, final ChunkHalves halves)
            throws SharingException {
        final VerifyKey key = VerifyKey.decode(seeker.toBytes(), 0).orElseThrow(() -> new SharingException(
            SharingException.Kind.BAD_INPUT, "the contract's seeker " + seeker + " is no Ed25519 key",
            "take the line of the seeker's .pub file"));
        final byte[] seconds = seconds(ranges, halves);
        try (SeekerBox box = SeekerBox.seal(context, key, ranges.get(0).first(), seconds, randomness)) {
            final byte[][] shares = keys.sharing().splitAll(box.opener(), randomness);
            return new SeekerPart(seeker, ranges, seal(shares, (share, replica) ->
                share.sealOpener(context, replica, key, keys.sealing().get(replica), randomness)), box.sealed());
        } finally {
            Secrets.zero(seconds);
        }
    }

    /** The second halves of ranges, one after another. */
    private static byte[] seconds(final List<ChunkRange> ranges, final ChunkHalves halves) {
        final byte[] all = new byte[ranges.stream().mapToInt(ChunkRange::count).sum() * KeyVector.ENTRY_BYTES];
        int at = 0;
        for (final ChunkRange range : ranges) {
            for (int chunk = range.first(); chunk <= range.last(); chunk++) {
                halves.second(chunk, all, at);
                at += KeyVector.ENTRY_BYTES;
            }
        }
        return all;
    }

    private ReplicaBoxes seal(final byte[][] shares, final Sealing sealing) {
        final byte[] roots = new byte[shares.length * Hash.BYTES];
        final List<byte[]> boxes = new ArrayList<>();
        for (int replica = 0; replica < shares.length; replica++) {
            final byte[] saltSeed = randomness.bytes(ShareCommitment.SALT_BYTES);
            try (ShareBox box = new ShareBox(saltSeed, shares[replica])) {
                box.root().copyTo(roots, replica * Hash.BYTES);
                boxes.add(sealing.seal(box, replica));
            }
        }
        return new ReplicaBoxes(roots, boxes);
    }

    private interface Sealing {
        byte[] seal(ShareBox box, int replica);
    }
}
