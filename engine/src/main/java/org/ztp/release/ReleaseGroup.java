package org.ztp.release;

import java.util.Collections;
import java.util.List;
import org.ztp.privacy.SecretSharing;
import org.ztp.wire.Hash;

/**
 * The replicas among which secrets are shared, as one of them sees them. A replica's <i>number</i> is its place among
 * the members, which its share was made for; its <i>id</i> is that of the genesis.
 *
 * @param chain hash of the genesis
 * @param members replica ids in ascending order, 1 .. 255
 * @param self this replica's id
 */
public record ReleaseGroup(Hash chain, List<Integer> members, int self) {
    /** Keeps the list; refuses one that is unsorted, too long or without this replica. */
    public ReleaseGroup {
        members = List.copyOf(members);
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i) <= members.get(i - 1)) {
                throw new IllegalArgumentException("members not ascending: " + members);
            }
        }
        if (members.size() > SecretSharing.MAX_SHARES || Collections.binarySearch(members, self) < 0) {
            throw new IllegalArgumentException("release group: members=" + members.size() + " allowed=1.."
                + SecretSharing.MAX_SHARES + " self=" + self);
        }
    }

    /** n: how many members. */
    public int size() {
        return members.size();
    }

    /** f = floor((n-1)/3): how many may be faulty in any way. */
    public int faults() {
        return (size() - 1) / 3;
    }

    /** How many shares make a secret: f + 1. */
    public int needed() {
        return faults() + 1;
    }

    /** The sharing that all secrets of this group were split with. */
    public SecretSharing sharing() {
        return SecretSharing.amongReplicas(size());
    }

    /** The number of a replica, negative if it is no member. */
    public int number(final int replica) {
        return Collections.binarySearch(members, replica);
    }

    /** Whether a replica is a member. */
    public boolean contains(final int replica) {
        return number(replica) >= 0;
    }
}
