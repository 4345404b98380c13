package org.ztp.accumulate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ztp.wire.Hash;

/**
 * What a round is to bring together.
 *
 * @param id               of the accumulation
 * @param root             replica that the value goes to; it contributes if it is chosen among the candidates
 * @param candidates       who may contribute, without repetition, the best first
 * @param suspected        candidates that are asked only when the others do not suffice, and never in a round over all
 * @param needed           contributions of a result, at least 1
 * @param all              whether all candidates contribute ({@code needed} being the least) or just {@code needed}
 * @param fanOut           of the first attempt's tree
 * @param attemptTimeoutNs limit of each attempt, at least 1
 * @param totalTimeoutNs   limit of all attempts together, at least 1
 */
public record RoundRequest(
        Hash id, int root, List<Integer> candidates, Set<Integer> suspected, int needed, boolean all, int fanOut,
        long attemptTimeoutNs, long totalTimeoutNs) {

    /** Checks the ranges. */
    public RoundRequest {
        candidates = List.copyOf(candidates);
        suspected = Set.copyOf(suspected);
        boolean ids = candidates.size() < AccumulationPlan.MAX_MEMBERS && inRange(root)
                && candidates.stream().allMatch(RoundRequest::inRange)
                && new HashSet<>(candidates).size() == candidates.size();
        if (!ids || needed < 1 || attemptTimeoutNs < 1 || totalTimeoutNs < 1
                || fanOut < 1 || fanOut > AccumulationTree.MAX_SIZE) {
            throw new IllegalArgumentException("round: root=" + root + " candidates=" + candidates + " needed=" + needed
                    + " fan-out=" + fanOut + " attemptTimeoutNs=" + attemptTimeoutNs
                    + " totalTimeoutNs=" + totalTimeoutNs);
        }
    }

    private static boolean inRange(int replica) {
        return replica >= 0 && replica <= AccumulationPlan.MAX_REPLICA;
    }
}
