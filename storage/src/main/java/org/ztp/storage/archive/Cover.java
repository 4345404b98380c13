package org.ztp.storage.archive;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Chooses the fewest chunks that cover the heights from one on; each chunk is proposed at most once. */
final class Cover {
    private final List<Chunk> ordered;
    private final PriorityQueue<Chunk> reachable =
        new PriorityQueue<>(Comparator.comparingLong(Chunk::last).reversed().thenComparing(Chunk.ORDER));
    private int next;

    /**
     * Over some chunks.
     *
     * @param ordered by {@link Chunk#ORDER}
     */
    Cover(final List<Chunk> ordered) {
        this.ordered = ordered;
    }

    /**
     * The chunk that goes on from a height and reaches furthest.
     *
     * @param height up to which all is covered; not lower than in earlier calls
     * @return empty when there is a gap, or the end
     */
    Optional<Chunk> after(final long height) {
        while (next < ordered.size() && ordered.get(next).first() <= height + 1) {
            reachable.add(ordered.get(next++));
        }
        final Chunk furthest = reachable.poll();
        return Optional.ofNullable(furthest).filter(chunk -> chunk.last() > height);
    }
}
