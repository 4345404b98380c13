package org.ztp.accumulate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What every member of one attempt has to know. A member's position is its place in {@code members}.
 *
 * @param id              of the accumulation, the same for all its attempts
 * @param attempt         0 and up
 * @param members         replica ids 0 .. 65535, strictly ascending, at most 4096
 * @param root            the member that the value goes to
 * @param rootContributes whether the root is one of the contributors; all others are
 * @param required        contributions without which there is no result, 1 .. number of contributors
 * @param fanOut          of the tree
 */
public record AccumulationPlan(
        Hash id, int attempt, List<Integer> members, int root, boolean rootContributes, int required, int fanOut) {
    /** Most members. */
    public static final int MAX_MEMBERS = 4096;

    /** Largest id of a replica. */
    public static final int MAX_REPLICA = 0xffff;

    /** Checks the ranges. */
    public AccumulationPlan {
        members = List.copyOf(members);
        if (!valid(attempt, members, root, rootContributes, required, fanOut)) {
            throw new IllegalArgumentException("plan: attempt=" + attempt + " members=" + members + " root=" + root
                    + " required=" + required + " fan-out=" + fanOut);
        }
    }

    /** Position of a replica, negative if it is no member. */
    public int position(int replica) {
        return Collections.binarySearch(members, replica);
    }

    /** The tree over the members' positions. */
    public AccumulationTree tree() {
        return new AccumulationTree(members.size(), position(root), fanOut);
    }

    /** Positions of the contributors. */
    public BitSet contributors() {
        BitSet contributors = new BitSet();
        contributors.set(0, members.size());
        contributors.set(position(root), rootContributes);
        return contributors;
    }

    /** The replicas at some positions, ascending. */
    public List<Integer> replicas(BitSet positions) {
        return positions.stream().mapToObj(members::get).toList();
    }

    /** Appends the one encoding. */
    public void encode(WireWriter out) {
        out.hash(id).u32(attempt).u16(root).flag(rootContributes).u16(required).u32(fanOut).u16(members.size());
        members.forEach(out::u16);
    }

    /** Reads a plan; empty where the bytes are none. */
    public static Optional<AccumulationPlan> decode(WireReader in) {
        Hash id = in.hash();
        int attempt = in.u32();
        int root = in.u16();
        boolean rootContributes = in.flag();
        int required = in.u16();
        int fanOut = in.u32();
        int count = in.u16();
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            members.add(in.u16());
        }
        in.require(valid(attempt, members, root, rootContributes, required, fanOut));
        return in.failed() ? Optional.empty()
                : Optional.of(new AccumulationPlan(id, attempt, members, root, rootContributes, required, fanOut));
    }

    private static boolean valid(
            int attempt, List<Integer> members, int root, boolean rootContributes, int required, int fanOut) {
        if (attempt < 0 || members.isEmpty() || members.size() > MAX_MEMBERS || !members.contains(root)
                || fanOut < 1 || fanOut > AccumulationTree.MAX_SIZE) {
            return false;
        }
        int last = -1;
        for (int member : members) {
            if (member <= last || member > MAX_REPLICA) {
                return false;
            }
            last = member;
        }
        return required >= 1 && required <= members.size() - (rootContributes ? 0 : 1);
    }
}
