package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.ztp.cluster.NodeKey;
import org.ztp.contract.rules.DatasetState;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.ReplicaShares;
import org.ztp.privacy.ShareCommitment;
import org.ztp.privacy.ShareOpening;
import org.ztp.privacy.SingleShares;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.Contribution;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseGroup;
import org.ztp.release.Terms;

/**
 * One replica's shares, opened from the ledger with its node key when a release needs them, and overwritten after. Any
 * thread that may read from disk.
 */
final class ShareVault {
    private final ReleaseGroup group;
    private final SubClusterKeys keys;
    private final NodeKey node;
    private volatile boolean wrong;

    /** How a vault reads the ledger. */
    interface Ledger {
        /** The latest final state. */
        StateReader state();

        /** The bytes of a final transaction. */
        Optional<byte[]> transaction(TransactionId id);
    }

    ShareVault(final ReleaseGroup group, final SubClusterKeys keys, final NodeKey node) {
        this.group = group;
        this.keys = keys;
        this.node = node;
    }

    /** From now on gives wrong shares, to show that they are found. */
    void giveWrongShares() {
        wrong = true;
    }

    /** The masked contribution to an accumulation; empty if the shares cannot be opened. */
    Optional<byte[]> contribute(final Ledger ledger, final ReleaseAction.Contribute what) {
        final Optional<byte[]> shares = open(ledger, what.terms(), (own, part) -> own.vector(what.terms().chunks(), part));
        if (wrong) {
            shares.ifPresent(vector -> vector[0] ^= 1);
        }
        try (X25519PrivateKey key = node.sealingKey()) {
            return shares.map(vector -> Contribution.compute(group, key, what, vector));
        }
    }

    /** Single shares, sealed to the seeker; empty if the shares cannot be opened. */
    Optional<byte[]> seal(final Ledger ledger, final ReleaseAction.Seal what) {
        final Optional<List<ShareOpening>> openings = open(ledger, what.terms(),
            (own, part) -> own.openings(what.part(), part));
        return openings.map(list -> SingleShares.seal(what.name(), group.number(group.self()), node.signingKey(),
            wrong ? altered(list) : list, what.terms().freshKey(), new SystemRandomness()));
    }

    private static List<ShareOpening> altered(final List<ShareOpening> openings) {
        final byte[] first = openings.get(0).encode();
        first[Integer.BYTES + ShareCommitment.SALT_BYTES] ^= 1;
        final List<ShareOpening> altered = new ArrayList<>(openings);
        altered.set(0, ShareOpening.decode(first).orElseThrow());
        return altered;
    }

    private <T> Optional<T> open(final Ledger ledger, final Terms terms,
                                 final BiFunction<ReplicaShares, SeekerPart, Optional<T>> give) {
        final Optional<DatasetState> dataset = new SharingState(ledger.state()).dataset(terms.dataset());
        final Optional<Publish> publish = ledger.transaction(terms.publish())
            .flatMap(bytes -> Publish.parse(bytes, 0, bytes.length));
        final Optional<SeekerPart> part = ledger.transaction(terms.part()).flatMap(bytes -> part(bytes, terms));
        if (dataset.isEmpty() || publish.isEmpty() || part.isEmpty()) {
            return Optional.empty();
        }
        try (X25519PrivateKey key = node.sealingKey()) {
            final Optional<ReplicaShares> opened = ReplicaShares.open(keys.context(dataset.get().owner(),
                publish.get()), group.number(group.self()), key, publish.get());
            if (opened.isEmpty()) {
                return Optional.empty();
            }
            try (ReplicaShares own = opened.get()) {
                return give.apply(own, part.get());
            }
        }
    }

    private static Optional<SeekerPart> part(final byte[] bytes, final Terms terms) {
        return bytes[0] == Grant.KIND
            ? Grant.parse(bytes, 0, bytes.length).flatMap(grant -> grant.part(terms.seeker()))
            : Publish.parse(bytes, 0, bytes.length).flatMap(publish -> publish.part(terms.seeker()));
    }
}
