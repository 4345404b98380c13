package org.ztp.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.KeyVector;
import org.ztp.privacy.Masking;
import org.ztp.privacy.ParticipantSet;
import org.ztp.privacy.ReleaseContext;
import org.ztp.privacy.ReleaseName;
import org.ztp.privacy.SingleJoin;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.wire.Hash;

/**
 * The seeker's side of one request: takes the masks off what was accumulated, and opens single shares. It trusts
 * neither the gateway nor any replica: an accumulated vector is right only if the keys made of it fit their
 * commitments on the ledger ({@link org.ztp.privacy.ChunkKeys#join}); single shares are checked one by one. Pure.
 *
 * <p>The way of a request: ask for the accumulated vector; if all keys fit, done. If not, ask for single shares, part
 * by part: what they join to is right, and who sent wrong ones is known, with proof. Nobody has to be believed for
 * that, as f + 1 of those who answer are honest.
 *
 * @param keys the replicas' keys, by their numbers
 * @param ids the replicas' ids, by their numbers
 * @param request the request
 * @param dataset the dataset's id
 * @param chunks what was asked for
 * @param fresh the key made for this request; closed by the caller
 */
public record SeekerRelease(SubClusterKeys keys, List<Integer> ids, TransactionId request, Hash dataset,
                            ChunkRange chunks, X25519PrivateKey fresh) {
    /** Keeps the list; refuses one that does not fit the keys. */
    public SeekerRelease {
        ids = List.copyOf(ids);
        if (ids.size() != keys.replicas()) {
            throw new IllegalArgumentException("replicas: ids=" + ids.size() + " keys=" + keys.replicas());
        }
    }

    /**
     * Takes the masks off.
     *
     * @param vector from {@link ReleaseAction.Released}, as all else; not changed
     * @param participants ids
     * @param attempt the attempt
     * @param contractVersion the contract's version
     * @return the first halves of the chunks, then the opener, 32 bytes each, which the caller checks and overwrites;
     *     empty
     *     when no honest gateway answers so
     */
    public Optional<byte[]> unmask(final byte[] vector, final List<Integer> participants, final int attempt,
                                   final long contractVersion) {
        final int[] numbers = participants.stream().mapToInt(ids::indexOf).toArray();
        final boolean known = ids.containsAll(participants) && new TreeSet<>(participants).size() == numbers.length;
        if (!known || numbers.length < keys.sharing().threshold() || attempt < 0 || contractVersion < 0
            || vector.length != (chunks.count() + 1) * KeyVector.ENTRY_BYTES) {
            return Optional.empty();
        }
        final byte[] secrets = vector.clone();
        Masking.unmask(fresh, keys.sealing(), new ReleaseContext(keys.chain(), request.bundle(), request.index(),
            contractVersion, ParticipantSet.of(numbers), attempt), secrets);
        return Optional.of(secrets);
    }

    /**
     * Opens single shares, joins those of f + 1 replicas that all fit their commitments, and names the others.
     *
     * @param part which chunks
     * @param answers from {@link ReleaseAction.ReleasedSingly}, as the next
     * @param contractVersion the contract's version
     * @param publish the dataset's PUBLISH
     * @param seeker the part of the seeker that the request was allowed with
     */
    public SingleResult open(final ChunkRange part, final List<SingleAnswer> answers, final int contractVersion,
                             final Publish publish, final SeekerPart seeker) {
        final TreeMap<Integer, String> bad = new TreeMap<>();
        final TreeSet<Integer> seen = new TreeSet<>();
        try (SingleJoin join = new SingleJoin(keys, new ReleaseName(keys.chain(), request, contractVersion), dataset,
            publish, seeker, part)) {
            for (final SingleAnswer answer : answers) {
                final int number = ids.indexOf(answer.replica());
                if (number < 0 || !seen.add(number)) {
                    continue; // the gateway's fault, no replica's
                }
                switch (join.add(number, fresh, answer.sealed())) {
                    case GOOD -> { }
                    case WRONG -> bad.put(answer.replica(), "signed a wrong share");
                    case UNREADABLE -> bad.put(answer.replica(), "its answer was altered, by the way or by itself");
                }
            }
            return new SingleResult(join.isEnough() ? Optional.of(join.vector()) : Optional.empty(), bad,
                join.evidence());
        }
    }

    /** The chunks in parts for which single shares can be asked for, one after the other. */
    public List<ChunkRange> parts() {
        final List<ChunkRange> parts = new ArrayList<>();
        final int atOnce = ReleaseLimits.singleChunks(ids.size());
        for (int first = chunks.first(); first <= chunks.last(); first += atOnce) {
            parts.add(new ChunkRange(first, Math.min(chunks.last(), first + atOnce - 1)));
        }
        return parts;
    }

    /**
     * Puts what single shares came to in its place.
     *
     * @param part which chunks
     * @param joined their first halves, then the opener
     * @param whole the vector of the whole request, changed
     */
    public void put(final ChunkRange part, final byte[] joined, final byte[] whole) {
        final int entry = KeyVector.ENTRY_BYTES;
        System.arraycopy(joined, 0, whole, (part.first() - chunks.first()) * entry, part.count() * entry);
        System.arraycopy(joined, part.count() * entry, whole, chunks.count() * entry, entry);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "SeekerRelease[" + request + " chunks=" + chunks + "]";
    }
}
