package org.ztp.runtime;

import java.util.function.LongSupplier;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Message;
import org.ztp.transport.Parcel;

/**
 * Gets the blocks below a snapshot while the replica votes, and says when all are here. Single owner: its thread, which
 * writes to the store without the snapshot and nothing else.
 */
final class BackfillDuty implements Duty {
    private static final int TURN = 16;
    private static final long AGAIN_NS = 5_000_000_000L;

    private final Backfill backfill;
    private final PeerInbox peers;
    private final LongSupplier finalHeight;
    private final Runnable closed;
    private volatile long indexedHeight;
    private long tellNs = System.nanoTime();

    /**
     * Fills the gap of a replica.
     *
     * @param self the replica
     * @param stores with a gap
     * @param setting of the replica
     * @param finalHeight height of the replica's last final block
     * @param closed told when nothing is missing any more, and again while that has led to nothing
     */
    BackfillDuty(final int self, final ReplicaStores stores, final Replica.Setting setting, final LongSupplier finalHeight,
                 final Runnable closed) {
        this.finalHeight = finalHeight;
        this.closed = closed;
        peers = new PeerInbox(setting.group().members(), setting.core().pooledBytesPerPeer());
        backfill = new Backfill(stores, setting.group(), self, setting.core(), setting.signatures(), setting.subClusters(),
            new Backfill.Way() {
                @Override
                public void ask(final int peer, final Message.WantFinal wanted) {
                    setting.transport().send(peer, new Parcel.Ordering(wanted));
                }

                @Override
                public void accuse(final Action.Fault fault) {
                    setting.faults().report(self, fault.replica(), fault.kind().name(), fault.detail());
                }
            });
        indexedHeight = backfill.indexedHeight();
    }

    /** Something from a peer, which is copied if it concerns the blocks below the snapshot. Any thread. */
    boolean offer(final int from, final Parcel parcel) {
        return parcel instanceof Parcel.Ordering ordering && backfill.concerns(ordering.message())
            && peers.offer(from, parcel);
    }

    /** Height up to which all blocks are here. */
    long indexedHeight() {
        return indexedHeight;
    }

    @Override
    public int work() {
        int done = 0;
        Object event;
        while (done < TURN && (event = peers.poll()) != null) {
            step((Event) event);
            done++;
        }
        if (System.nanoTime() - backfill.nextTickNs() >= 0) {
            step(Event.Tick.TICK);
        }
        if (System.nanoTime() - tellNs >= 0 && backfill.isClosed(finalHeight.getAsLong())) {
            tellNs = System.nanoTime() + AGAIN_NS;
            closed.run();
        }
        return done;
    }

    private void step(final Event event) {
        backfill.step(System.nanoTime(), System.currentTimeMillis(), event);
        indexedHeight = backfill.indexedHeight();
    }

    @Override
    public long restNs() {
        return backfill.nextTickNs() - System.nanoTime();
    }
}
