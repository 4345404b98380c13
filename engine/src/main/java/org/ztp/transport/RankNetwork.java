package org.ztp.transport;

import org.ztp.transport.RankNotice.Superseded;

/**
 * The network of a process that is a rank: it has one replica at most, and reaches the others at the ranks that run
 * them. Every parcel carries the incarnation of who sends it; what a superseded one sends is refused, and it is told.
 * Any thread.
 */
public final class RankNetwork implements Network {
    private final RankTransport ranks;
    private final RoleTable roles;
    private final NoticeReceiver notices;
    private volatile Transport.Receiver receiver = (from, parcel) -> false;
    private volatile Transport.Receiver epochs = (from, parcel) -> false;
    private volatile Transport.Receiver relay = (from, parcel) -> false;
    private volatile Voice voice = Voice.SPARE;
    private volatile boolean silenced;

    /** Takes what ranks say about roles; called by the transport's thread. */
    @FunctionalInterface
    public interface NoticeReceiver {
        /**
         * A rank said something.
         *
         * @param rank who
         * @param voice in whose name
         * @param notice what
         */
        void onNotice(int rank, Voice voice, RankNotice notice);
    }

    /**
     * The network over a transport between ranks; it receives from now on.
     *
     * @param ranks the way to them
     * @param roles who runs what
     * @param notices told of each sign of life, and of what is said about roles
     */
    public RankNetwork(final RankTransport ranks, final RoleTable roles, final NoticeReceiver notices) {
        this.ranks = ranks;
        this.roles = roles;
        this.notices = notices;
        ranks.receive(this::onParcel);
    }

    private boolean onParcel(final int rank, final Voice from, final Parcel parcel) {
        if (silenced) {
            return false;
        }
        if (parcel instanceof Parcel.Announcing said) {
            notices.onNotice(rank, from, said.notice());
            return true;
        }
        final RoleTable.Verdict verdict = roles.judge(rank, from);
        if (verdict == RoleTable.Verdict.SUPERSEDED) {
            refuse(rank, from);
        }
        return verdict == RoleTable.Verdict.CURRENT && taker(parcel).onParcel(from.role(), parcel);
    }

    private Transport.Receiver taker(final Parcel parcel) {
        return parcel instanceof Parcel.Epochs ? epochs : parcel instanceof Parcel.Relaying ? relay : receiver;
    }

    /** Gives what is said about epochs to who makes them in this process, whether or not its replica runs. */
    public void receiveEpochs(final Transport.Receiver taker) {
        epochs = taker;
    }

    /**
     * Gives what clients asked elsewhere, and the answers, to who serves clients here, whether or not its replica runs.
     */
    public void receiveRelayed(final Transport.Receiver taker) {
        relay = taker;
    }

    /** Tells a rank that another runs its role. */
    public void refuse(final int rank, final Voice past) {
        roles.entry(past.role()).claim().ifPresent(by -> tell(rank, new Superseded(by)));
    }

    /** This process runs a replica from now on. */
    public void speakAs(final Voice own) {
        voice = own;
    }

    /** The number of this run. */
    public long run() {
        return ranks.run();
    }

    /** In whose name this process speaks. */
    public Voice voice() {
        return voice;
    }

    /** This process has been superseded: it says and hears nothing any more. */
    public void silence() {
        silenced = true;
    }

    /** Says something about roles to one rank. */
    public boolean tell(final int rank, final RankNotice notice) {
        return !silenced && rank != ranks.rank() && ranks.send(rank, voice, new Parcel.Announcing(notice));
    }

    /** Says something about roles to all other ranks. */
    public void tellAll(final RankNotice notice) {
        final Parcel parcel = new Parcel.Announcing(notice);
        for (int rank = 0; rank < ranks.size() && !silenced; rank++) {
            if (rank != ranks.rank()) {
                ranks.send(rank, voice, parcel);
            }
        }
    }

    @Override
    public void join(final int replica, final Transport.Receiver taker) {
        requireOwn(replica);
        receiver = taker;
    }

    @Override
    public void leave(final int replica) {
        requireOwn(replica);
        receiver = (from, parcel) -> false;
    }

    @Override
    public Transport from(final int replica) {
        requireOwn(replica);
        return (to, parcel) -> {
            final int rank = roles.rank(to);
            return !silenced && rank >= 0 && rank != ranks.rank() && ranks.send(rank, voice, parcel);
        };
    }

    private void requireOwn(final int replica) {
        if (replica != voice.role()) {
            throw new IllegalArgumentException("replica: expected=" + voice.role() + " actual=" + replica);
        }
    }
}
