package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.ztp.transport.PeerState;

/**
 * Sends numbered parcels of 256 bytes to every other rank for as long as it is not asked to end, and tells in its state
 * how many came from whom, how many numbers were left out, and what it thinks of its peers.
 */
final class ExchangeRank {
    private static final int BYTES = 256;
    private static final int MOST_WAITING = 64;

    private ExchangeRank() {
    }

    public static void main(final String[] arguments) throws Exception {
        final AtomicLongArray taken = new AtomicLongArray(64);
        final AtomicLongArray gaps = new AtomicLongArray(64);
        final AtomicLongArray last = new AtomicLongArray(64);
        final AtomicLongArray backwards = new AtomicLongArray(64);
        final TestRank rank = new TestRank(arguments[0], (from, bytes, offset, length) -> {
            final long number = ByteBuffer.wrap(bytes, offset, length).getLong();
            backwards.addAndGet(from, number <= last.get(from) || length != BYTES ? 1 : 0);
            gaps.addAndGet(from, number > last.get(from) + 1 ? 1 : 0);
            last.set(from, number);
            taken.incrementAndGet(from);
            return true;
        }, comm -> { });
        final long[] numbers = new long[rank.loop().size()];
        while (!rank.isAskedToEnd()) {
            for (int i = 0; i < 20; i++) {
                LockSupport.parkNanos(500_000);
                for (final PeerState peer : rank.peers()) {
                    for (int more = peer.waitingParcels(); more < MOST_WAITING; more++) {
                        rank.loop().offer(peer.rank(),
                            ByteBuffer.allocate(BYTES).putLong(++numbers[peer.rank()]).array());
                    }
                }
            }
            final Map<String, Long> state = new TreeMap<>();
            state.put("ownKiB", TestRank.residentKiB("RssAnon"));
            state.put("sharedKiB", TestRank.residentKiB("RssShmem"));
            for (final PeerState peer : rank.peers()) {
                state.put("taken." + peer.rank(), taken.get(peer.rank()));
                state.put("gaps." + peer.rank(), gaps.get(peer.rank()));
                state.put("backwards." + peer.rank(), backwards.get(peer.rank()));
                state.put("condition." + peer.rank(), (long) peer.condition().ordinal());
                state.put("unacknowledged." + peer.rank(), (long) peer.unacknowledged());
                state.put("waiting." + peer.rank(), peer.waitingBytes());
            }
            rank.state(state);
        }
        rank.end("exchanged");
    }
}
