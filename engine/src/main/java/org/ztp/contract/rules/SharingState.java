package org.ztp.contract.rules;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.rules.DecodedContracts.Decoded;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.state.StateReader;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;

/**
 * Datasets, contracts, seekers and requests as read from a state.
 *
 * @param reader the state
 */
public record SharingState(StateReader reader) {
    /** A dataset by its id. */
    public Optional<DatasetState> dataset(final Hash dataset) {
        return read(StateKeys.dataset(dataset), DatasetState::decode);
    }

    /** Latest version of a dataset's contract; 0 if there is no such dataset. */
    public int version(final Hash dataset) {
        return read(StateKeys.version(dataset), WireReader::u32).orElse(0);
    }

    /** A version of a dataset's contract; all of them are kept. */
    public Optional<Contract> contract(final Hash dataset, final int version) {
        return reader.get(StateKeys.contract(dataset, version)).map(value -> DecodedContracts.ofThread().of(value,
            bytes -> RevokedVersion.of(version, bytes).map(revoked -> without(dataset, version, revoked))
                .orElseGet(() -> whole(bytes))));
    }

    /** What a version took from an earlier one; empty if it is stored as a whole, or there is none. */
    Optional<RevokedVersion> revoked(final Hash dataset, final int version) {
        return reader.get(StateKeys.contract(dataset, version)).flatMap(value -> RevokedVersion.of(version, value));
    }

    /** The latest version of a dataset's contract. */
    public Optional<Contract> contract(final Hash dataset) {
        return contract(dataset, version(dataset));
    }

    /** What is known of a seeker, revoked ones too. */
    public Optional<SeekerState> seeker(final Hash dataset, final Hash seeker) {
        return read(StateKeys.seeker(dataset, seeker), SeekerState::decode);
    }

    /** The part of a seeker that came with a PUBLISH or GRANT. */
    public Optional<PartState> part(final TransactionId transaction, final Hash seeker) {
        return read(StateKeys.part(transaction, seeker), PartState::decode);
    }

    /** Allowed requests of a seeker that touched the clause of these chunks. */
    public int used(final Hash dataset, final Hash seeker, final ChunkRange clause) {
        return read(StateKeys.used(dataset, seeker, clause), WireReader::u32).orElse(0);
    }

    /** A request; one that was allowed or waits is CLOSED if its seeker was revoked since. */
    public Optional<RequestState> request(final TransactionId id) {
        return read(StateKeys.request(id), RequestState::decode).map(this::closedIfRevoked);
    }

    /** Height at which evidence against a replica was taken in; 0 if none was. */
    public long evidence(final TransactionId request, final int replica, final int kind) {
        return read(StateKeys.evidence(request, replica, kind), WireReader::u64).orElse(0L);
    }

    /** The incarnation of a replica that was recorded last; empty while it is run by the process that it began with. */
    public Optional<Incarnation> incarnation(final int role) {
        return read(StateKeys.incarnation(role), Incarnation::decode);
    }

    /** From the version before, if that was read lately; else from the last one that is stored as a whole. */
    private Decoded without(final Hash dataset, final int version, final RevokedVersion revoked) {
        final Set<Hash> gone = new HashSet<>(revoked.seekers());
        Optional<Decoded> known = DecodedContracts.ofThread().known(contractValue(dataset, version - 1));
        for (int at = revoked.earlier(); known.isEmpty();) {
            final byte[] value = contractValue(dataset, at);
            final Optional<RevokedVersion> earlier = RevokedVersion.of(at, value);
            if (earlier.isEmpty()) {
                known = DecodedContracts.ofThread().known(value).or(() -> Optional.of(whole(value)));
            } else {
                gone.addAll(earlier.get().seekers());
                at = earlier.get().earlier();
            }
        }
        return new Decoded(new Contract(version, known.get().contract().revoking(gone).clauses()), known.get().bytes());
    }

    private byte[] contractValue(final Hash dataset, final int version) {
        return reader.get(StateKeys.contract(dataset, version)).orElseThrow(() -> new IllegalStateException(
            "contract version " + version + " of dataset " + dataset + " is not there"));
    }

    private static Decoded whole(final byte[] value) {
        return new Decoded(decode('v', value, Contract::decode), value.length);
    }

    private RequestState closedIfRevoked(final RequestState request) {
        final int revoked = seeker(request.request().dataset(), request.seeker()).map(SeekerState::revokedVersion)
            .orElse(0);
        return request.status() != RequestState.Status.DENIED && revoked > request.version()
            ? request.closed(revoked) : request;
    }

    /** The state holds what the rules wrote, so a value that does not decode is damage, not somebody's input. */
    private <T> Optional<T> read(final byte[] key, final Function<WireReader, T> decoder) {
        return reader.get(key).map(value -> decode((char) key[0], value, decoder));
    }

    private static <T> T decode(final char prefix, final byte[] value, final Function<WireReader, T> decoder) {
        final WireReader in = new WireReader(value);
        final T decoded = decoder.apply(in);
        if (!in.finished()) {
            throw new IllegalStateException("state value does not decode: prefix=" + prefix + " bytes=" + value.length);
        }
        return decoded;
    }
}
