package org.ztp.runtime;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.privacy.ReplicaShares;
import org.ztp.privacy.ShareBox;
import org.ztp.wire.Hash;

/**
 * What a replica has opened of its shares lately, so that the next request for the same dataset need not open all of
 * them again. That gives nobody who reads its memory more than the node key does, which is there too. Bounded: at most
 * {@value #BYTES_MAX} bytes of first halves and their commitments, or those of one dataset, and {@value #OPENERS_MAX}
 * openers; what has not been used for the longest time is overwritten first, but nothing while it is used. Any thread;
 * what takes long, to open a dataset, holds back nobody who uses another.
 */
final class OpenShares implements AutoCloseable {
    private static final long BYTES_MAX = 16L << 20;
    private static final int OPENERS_MAX = 1_024;

    private final Map<TransactionId, ReplicaShares> datasets = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<OpenerName, ShareBox> openers = new LinkedHashMap<>(16, 0.75f, true);
    private final long bytesMax;
    private final int openersMax;
    private long bytes;

    OpenShares() {
        this(BYTES_MAX, OPENERS_MAX);
    }

    OpenShares(final long bytesMax, final int openersMax) {
        this.bytesMax = bytesMax;
        this.openersMax = openersMax;
    }

    /** Whose opener: the transaction that gave it to the seeker. */
    record OpenerName(TransactionId part, Hash seeker) { }

    /**
     * Uses the shares that came with a PUBLISH; they are opened if they are not open.
     *
     * @param open opens them
     * @param use called with no other use under way; does not keep them
     */
    <T> Optional<T> use(final TransactionId publish, final Supplier<Optional<ReplicaShares>> open,
                        final Function<ReplicaShares, Optional<T>> use) {
        synchronized (this) {
            final ReplicaShares known = datasets.get(publish);
            if (known != null) {
                return use.apply(known);
            }
        }
        final Optional<ReplicaShares> opened = open.get();
        synchronized (this) {
            return opened.flatMap(shares -> use.apply(keep(publish, shares)));
        }
    }

    /** Keeps it, unless another thread has opened the same meanwhile. */
    private ReplicaShares keep(final TransactionId publish, final ReplicaShares shares) {
        final ReplicaShares known = datasets.get(publish);
        if (known != null) {
            shares.close();
            return known;
        }
        datasets.put(publish, shares);
        bytes += shares.bytes();
        final Iterator<ReplicaShares> oldest = datasets.values().iterator();
        while (bytes > bytesMax && datasets.size() > 1) {
            final ReplicaShares gone = oldest.next();
            oldest.remove();
            bytes -= gone.bytes();
            gone.close();
        }
        return shares;
    }

    /** Whether a seeker's opener is open now. */
    synchronized boolean hasOpener(final OpenerName name) {
        return openers.containsKey(name);
    }

    /** A seeker's opener, to be used while shares are; opened if it is not open: quickly, from what was read before. */
    synchronized Optional<ShareBox> opener(final OpenerName name, final Supplier<Optional<ShareBox>> open) {
        final ShareBox known = openers.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        final Optional<ShareBox> opened = open.get();
        opened.ifPresent(opener -> {
            openers.put(name, opener);
            if (openers.size() > openersMax) {
                final Iterator<ShareBox> oldest = openers.values().iterator();
                oldest.next().close();
                oldest.remove();
            }
        });
        return opened;
    }

    /** Overwrites everything. */
    @Override
    public synchronized void close() {
        datasets.values().forEach(ReplicaShares::close);
        openers.values().forEach(ShareBox::close);
        datasets.clear();
        openers.clear();
        bytes = 0;
    }
}
