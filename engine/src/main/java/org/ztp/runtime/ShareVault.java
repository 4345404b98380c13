package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
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
 * One replica's shares, opened from the ledger with its node key when a release needs them, and kept open a while for
 * the next one ({@link OpenShares}). Any thread that may read from disk.
 */
final class ShareVault implements AutoCloseable {
    private final ReleaseGroup group;
    private final SubClusterKeys keys;
    private final NodeKey node;
    private final X25519PrivateKey key;
    private final OpenShares open = new OpenShares();
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;
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
        key = node.sealingKey();
    }

    /** From now on gives wrong shares, to show that they are found. */
    void giveWrongShares() {
        wrong = true;
    }

    /** The masked contribution to an accumulation; empty if the shares cannot be opened. */
    Optional<byte[]> contribute(final Ledger ledger, final ReleaseAction.Contribute what) {
        return whileOpen(() -> {
            final Optional<byte[]> shares = vector(ledger, what.terms());
            if (wrong) {
                shares.ifPresent(vector -> vector[0] ^= 1);
            }
            return shares.map(vector -> Contribution.compute(group, key, what, vector));
        });
    }

    /** The part is read before the shares are used: while it is, others use theirs. */
    private Optional<byte[]> vector(final Ledger ledger, final Terms terms) {
        final OpenShares.OpenerName name = new OpenShares.OpenerName(terms.part(), terms.seeker());
        final Optional<byte[]> known = open.hasOpener(name) ? vector(ledger, terms, name, Optional.empty())
            : Optional.empty();
        return known.isPresent() ? known : vector(ledger, terms, name, part(ledger, terms));
    }

    private Optional<byte[]> vector(final Ledger ledger, final Terms terms, final OpenShares.OpenerName name,
                                    final Optional<SeekerPart> part) {
        return open.use(terms.publish(), () -> shares(ledger, terms), own -> open
            .opener(name, () -> part.flatMap(own::opener)).map(opener -> own.vector(terms.chunks(), opener)));
    }

    /** Single shares, sealed to the seeker; empty if the shares cannot be opened. */
    Optional<byte[]> seal(final Ledger ledger, final ReleaseAction.Seal what) {
        return whileOpen(() -> openings(ledger, what).map(list -> SingleShares.seal(what.name(),
            group.number(group.self()), node.signingKey(), wrong ? altered(list) : list, what.terms().freshKey(),
            new SystemRandomness())));
    }

    private Optional<List<ShareOpening>> openings(final Ledger ledger, final ReleaseAction.Seal what) {
        return part(ledger, what.terms()).flatMap(part -> open.use(what.terms().publish(),
            () -> shares(ledger, what.terms()), own -> own.openings(what.part(), part)));
    }

    /** A reader may come late, when the replica has ended: it gets nothing. */
    private <T> Optional<T> whileOpen(final Supplier<Optional<T>> reading) {
        closing.readLock().lock();
        try {
            return closed ? Optional.empty() : reading.get();
        } finally {
            closing.readLock().unlock();
        }
    }

    private static List<ShareOpening> altered(final List<ShareOpening> openings) {
        final byte[] first = openings.get(0).encode();
        first[Integer.BYTES + ShareCommitment.SALT_BYTES] ^= 1;
        final List<ShareOpening> altered = new ArrayList<>(openings);
        altered.set(0, ShareOpening.decode(first).orElseThrow());
        return altered;
    }

    private Optional<ReplicaShares> shares(final Ledger ledger, final Terms terms) {
        final Optional<DatasetState> dataset = new SharingState(ledger.state()).dataset(terms.dataset());
        final Optional<Publish> publish = ledger.transaction(terms.publish())
            .flatMap(bytes -> Publish.parse(bytes, 0, bytes.length));
        return dataset.isEmpty() || publish.isEmpty() ? Optional.empty()
            : ReplicaShares.open(keys.context(dataset.get().owner(), publish.get()), group.number(group.self()), key,
                publish.get());
    }

    private static Optional<SeekerPart> part(final Ledger ledger, final Terms terms) {
        return ledger.transaction(terms.part()).flatMap(bytes -> part(bytes, terms));
    }

    private static Optional<SeekerPart> part(final byte[] bytes, final Terms terms) {
        return bytes[0] == Grant.KIND
            ? Grant.parse(bytes, 0, bytes.length).flatMap(grant -> grant.part(terms.seeker()))
            : Publish.parse(bytes, 0, bytes.length).flatMap(publish -> publish.part(terms.seeker()));
    }

    /** Overwrites what was opened; may be repeated. */
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            closed = true;
            open.close();
            key.close();
        } finally {
            closing.writeLock().unlock();
        }
    }
}
