package org.ztp.transport;

/** The network of a process that is a rank: it has the replica of its rank's number, and every other rank has its own. */
public final class RankNetwork implements Network {
    private final RankTransport ranks;

    /** Receives for one replica over a transport between ranks. */
    public RankNetwork(final RankTransport ranks) {
        this.ranks = ranks;
    }

    @Override
    public void join(final int replica, final Transport.Receiver receiver) {
        requireOwn(replica);
        ranks.receive(receiver);
    }

    @Override
    public void leave(final int replica) {
        requireOwn(replica);
        ranks.receive((from, parcel) -> false);
    }

    @Override
    public Transport from(final int replica) {
        requireOwn(replica);
        return ranks;
    }

    private void requireOwn(final int replica) {
        if (replica != ranks.rank()) {
            throw new IllegalArgumentException("replica: expected=" + ranks.rank() + " actual=" + replica);
        }
    }
}
