package org.ztp.team;

/** What a parallel loop does with a chunk of its indexes. */
@FunctionalInterface
public interface LoopBody {
    /**
     * Handles the indexes {@code from} (inclusive) to {@code to} (exclusive); never called with an empty chunk.
     *
     * @param threadIndex 0 .. threads - 1, the same for all chunks that one thread takes
     */
    void run(int threadIndex, int from, int to);
}
