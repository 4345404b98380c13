package org.ztp.consensus;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Up to which height the peers have final blocks, as they say; and whose turn it is to be asked for something. */
final class PeerHeights {
    private final Group group;
    private final int self;
    private final Map<Integer, Long> heights = new HashMap<>();
    private long highest;
    private int turn;

    PeerHeights(final Group group, final int self) {
        this.group = group;
        this.self = self;
    }

    /** A peer tells where it stands. */
    void told(final int peer, final long height) {
        heights.put(peer, height);
        highest = Math.max(highest, height);
    }

    /** A peer shows that there is a final block. */
    void shown(final int peer, final long height) {
        heights.merge(peer, height, Math::max);
        highest = Math.max(highest, height);
    }

    /** The highest that any peer named. */
    long highest() {
        return highest;
    }

    /** The highest that at least one honest peer names. */
    long honest() {
        return heights.values().stream().sorted(Comparator.reverseOrder()).skip(group.faults()).findFirst().orElse(0L);
    }

    /** Whether at least one honest peer is above a height. Asked with each message, so nothing is allocated. */
    boolean isHonestAbove(final long height) {
        if (highest <= height) {
            return false; // as almost always
        }
        int above = 0;
        for (final long peer : heights.values()) {
            above += peer > height ? 1 : 0;
        }
        return above > group.faults();
    }

    /** The peers that say that they are above a height, in order. */
    List<Integer> above(final long height) {
        return heights.entrySet().stream().filter(peer -> peer.getValue() > height).map(Map.Entry::getKey).sorted()
            .toList();
    }

    /** Whose turn it is among some peers. */
    int next(final List<Integer> peers) {
        return peers.get(Math.floorMod(turn++, peers.size()));
    }

    /** Whose turn it is among all peers. */
    int next() {
        int peer;
        do {
            peer = next(group.members());
        } while (peer == self && group.size() > 1);
        return peer;
    }
}
