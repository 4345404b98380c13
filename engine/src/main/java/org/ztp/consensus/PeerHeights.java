package org.ztp.consensus;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Up to which height the peers have final blocks, as they say; and whose turn it is to be asked for something. Who
 * leaves questions for final blocks unanswered is passed over, for twice as many rounds each time in a row.
 */
final class PeerHeights {
    /** No more than 2^6 rounds. */
    private static final int MOST_DOUBLINGS = 6;

    private final Group group;
    private final int self;
    private final Map<Integer, Long> heights = new HashMap<>();
    private final Map<Integer, Silence> silent = new HashMap<>();
    private long highest;
    private long sure;
    private int turn;
    private long questions;

    /** How many questions in a row one left unanswered, and up to which one it is passed over. */
    private record Silence(int unanswered, long until) { }

    PeerHeights(final Group group, final int self) {
        this.group = group;
        this.self = self;
    }

    /** A peer tells where it stands. */
    void told(final int peer, final long height) {
        heights.put(peer, height);
        highest = Math.max(highest, height);
        sure = Math.max(sure, honest());
    }

    /** A peer shows, by a certificate, that there is a final block. */
    void shown(final int peer, final long height) {
        heights.merge(peer, height, Math::max);
        highest = Math.max(highest, height);
        sure = Math.max(sure, height);
    }

    /** The highest that any peer has ever named, which may lie. */
    long highest() {
        return highest;
    }

    /** Up to which height there are final blocks for sure: a certificate or one honest peer at least has said so. */
    long sure() {
        return sure;
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

    /** Who is asked for final blocks, among some peers: whoever has left questions unanswered only when all have. */
    int nextGiver(final List<Integer> peers) {
        questions++;
        final List<Integer> answering = peers.stream()
            .filter(peer -> !silent.containsKey(peer) || silent.get(peer).until() < questions).toList();
        return next(answering.isEmpty() ? peers : answering);
    }

    /** A peer has given final blocks that were of use. */
    void gave(final int peer) {
        silent.remove(peer);
    }

    /** A peer that was asked for final blocks has given none. */
    void gaveNothing(final int peer) {
        final int unanswered = silent.containsKey(peer) ? silent.get(peer).unanswered() + 1 : 1;
        silent.put(peer, new Silence(unanswered,
            questions + ((long) group.size() - 1 << Math.min(unanswered, MOST_DOUBLINGS))));
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
