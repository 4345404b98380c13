package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Evidence.About;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.merkle.InclusionProof;
import org.ztp.merkle.MerkleTree;
import org.ztp.wire.Hash;

/**
 * Joins shares that replicas sent singly: the committed ones give what an accumulation would have given, the others
 * name their senders. Owned by one thread; {@link #close()} overwrites the shares.
 */
public final class SingleJoin implements AutoCloseable {
    /** What came of one replica's message. */
    public enum Verdict {
        /** All of its shares are the committed ones. */
        GOOD,
        /** It signed a share that is not the committed one: there is evidence. */
        WRONG,
        /** It is not that replica's message for this release and these chunks, so it shows nothing. */
        UNREADABLE
    }

    private final SubClusterKeys keys;
    private final ReleaseName name;
    private final Hash dataset;
    private final Publish publish;
    private final SeekerPart part;
    private final ChunkRange chunks;
    private final TreeMap<Integer, byte[]> good = new TreeMap<>();
    private final List<Evidence> evidence = new ArrayList<>();

    /**
     * @param keys the replicas' keys
     * @param name the release
     * @param dataset the dataset's id
     * @param publish its PUBLISH
     * @param part the seeker's part
     * @param chunks what was asked for singly: all chunks of the request, or some
     */
    public SingleJoin(final SubClusterKeys keys, final ReleaseName name, final Hash dataset, final Publish publish,
                      final SeekerPart part, final ChunkRange chunks) {
        this.keys = keys;
        this.name = name;
        this.dataset = dataset;
        this.publish = publish;
        this.part = part;
        this.chunks = chunks;
    }

    /**
     * Takes a replica's message.
     *
     * @param replica who sent it
     * @param fresh private key of the request
     * @param sealed the message
     */
    public Verdict add(final int replica, final X25519PrivateKey fresh, final byte[] sealed) {
        final Optional<SingleShares> opened =
            SingleShares.open(name, replica, fresh, keys.signing().get(replica), chunks.count(), sealed);
        if (opened.isEmpty()) {
            return Verdict.UNREADABLE;
        }
        try (SingleShares shares = opened.get()) {
            final Optional<Evidence> wrong = wrong(replica, shares, About.CHUNK)
                .or(() -> wrong(replica, shares, About.OPENER));
            if (wrong.isPresent()) {
                evidence.add(wrong.get());
                return Verdict.WRONG;
            }
            final Optional<byte[]> vector = vector(shares);
            vector.ifPresent(shown -> Secrets.zero(good.put(replica, shown)));
            return vector.isPresent() ? Verdict.GOOD : Verdict.UNREADABLE;
        }
    }

    /** Whether f+1 replicas sent good shares. */
    public boolean isEnough() {
        return good.size() >= keys.sharing().threshold();
    }

    /**
     * First halves of the chunks, then the opener, as {@link ChunkKeys#join} wants them.
     *
     * @throws IllegalArgumentException when there are not enough
     */
    public byte[] vector() {
        final List<Integer> used = good.keySet().stream().limit(keys.sharing().threshold()).toList();
        return keys.sharing().join(ParticipantSet.of(used.stream().mapToInt(Integer::intValue).toArray()),
            used.stream().map(good::get).toArray(byte[][]::new));
    }

    /** Against each replica that sent a wrong share, one piece of evidence, to be recorded on the ledger. */
    public List<Evidence> evidence() {
        return List.copyOf(evidence);
    }

    private Optional<Evidence> wrong(final int replica, final SingleShares shares, final About about) {
        final boolean isChunk = about == About.CHUNK;
        final Hash root = isChunk ? publish.shares().root(replica) : part.opener().root(replica);
        final int entries = isChunk ? publish.dataset().chunks() : 1;
        final List<byte[]> openings = shares.openings(about);
        for (int i = 0; i < openings.size(); i++) {
            if (ShareProof.committed(openings.get(i), ChunkRange.all(entries), root, entries).isEmpty()) {
                final MerkleTree tree = SingleShares.tree(openings);
                return Optional.of(new Evidence(dataset, name.request(), replica, about, new SignedOpening(
                    openings.size(), i, InclusionProof.prove(tree, i), Hash.of(tree.root()), shares.signature(about),
                    openings.get(i).clone())));
            }
        }
        return Optional.empty();
    }

    /** The shares in their order; empty if they are of other chunks, as in an answer to another question. */
    private Optional<byte[]> vector(final SingleShares shares) {
        final byte[] vector = new byte[(chunks.count() + 1) * KeyVector.ENTRY_BYTES];
        int at = 0;
        for (final About about : About.values()) {
            int place = about == About.CHUNK ? chunks.first() : 0;
            for (final byte[] bytes : shares.openings(about)) {
                try (ShareOpening opening = ShareOpening.decode(bytes).orElseThrow()) {
                    if (opening.chunk() != place) {
                        Secrets.zero(vector);
                        return Optional.empty();
                    }
                    opening.copyShare(vector, at);
                }
                at += KeyVector.ENTRY_BYTES;
                place++;
            }
        }
        return Optional.of(vector);
    }

    @Override
    public void close() {
        good.values().forEach(Secrets::zero);
    }
}
