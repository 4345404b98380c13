package org.ztp.ledger.incarnation;

import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A replica's role is run by a process. Numbers of one role rise: who has a lower one than its peers know of is
 * superseded, and nobody listens to it.
 *
 * @param role the replica, 0 .. 65534
 * @param number of the incarnation, 0 .. 999,999,999
 * @param run the job that the process belongs to, not negative
 * @param rank its rank in that job, 0 .. 65535
 */
public record Incarnation(int role, int number, long run, int rank) {
    /** Size of the encoding. */
    public static final int BYTES = 16;
    /** The last number; each has a name of at most nine digits in the replica's directory. */
    public static final int NUMBER_MAX = 999_999_999;
    /**
     * A role's own word may be so far ahead of what is known. Others' words are for the next number, so those of a role that
     * tells of any number would lead to the end of them.
     */
    public static final int AHEAD_MAX = 1_000;
    /** As a role: a process that has none. */
    public static final int NO_ROLE = 0xffff;

    /** Checks the ranges. */
    public Incarnation {
        if (role < 0 || role >= NO_ROLE || number < 0 || number > NUMBER_MAX || run < 0 || rank < 0 || rank > 0xffff) {
            throw new IllegalArgumentException("incarnation: role=" + role + " number=" + number + " run=" + run
                + " rank=" + rank);
        }
    }

    /** Writes role u16, number u32, run u64, rank u16. */
    public void encode(final WireWriter out) {
        out.u16(role).u32(number).u64(run).u16(rank);
    }

    /** Reads one; the reader fails if it is none. */
    public static Incarnation decode(final WireReader in) {
        final int role = in.u16();
        final int number = in.u32();
        final long run = in.u64();
        final int rank = in.u16();
        in.require(role < NO_ROLE && number >= 0 && number <= NUMBER_MAX);
        return in.failed() ? new Incarnation(0, 0, 0, 0) : new Incarnation(role, number, run, rank);
    }

    /** What is signed: by the role's own key, that this process runs it; by another member's, that it should. */
    public byte[] signedBytes(final Hash chain) {
        final WireWriter out = new WireWriter(Domain.BYTES + Hash.BYTES + BYTES).raw(Domain.INCARNATION.tag()).hash(chain);
        encode(out);
        return out.toBytes();
    }
}
