package org.ztp.contract.rules;

import java.util.List;
import org.ztp.wire.Hash;

/**
 * The members of a sub-cluster, and what they signed.
 *
 * @param members their ids
 * @param keys their keys, in the same order
 * @param quorum how many make a quorum
 * @param signatures checks what they signed
 */
public record Membership(List<Integer> members, List<Hash> keys, int quorum, Signatures signatures) {
    /** Checks a replica's signature. */
    @FunctionalInterface
    public interface Signatures {
        /**
         * Whether a replica signed a message.
         *
         * @param replica id of the replica, which may be unknown
         * @param message what was signed
         * @param signature 64 bytes that may be anything
         */
        boolean check(int replica, byte[] message, byte[] signature);
    }

    /** Nobody is a member: no role passes on. */
    public static final Membership NONE =
        new Membership(List.of(), List.of(), Integer.MAX_VALUE, (replica, message, signature) -> false);

    /** Keeps the lists as they are. */
    public Membership {
        members = List.copyOf(members);
        keys = List.copyOf(keys);
    }
}
