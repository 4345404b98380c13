package org.ztp.ledger.state;

import java.util.BitSet;
import java.util.Optional;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Which bundles of one submission were taken in: all below the floor, not the floor itself, and a bitmap of the
 * {@value #AHEAD} sequences behind it. Its value is 8 bytes while bundles come in order, at most 136.
 *
 * <pre>
 *   0              8
 *   +--------------+------------------------------------------------------------------+
 *   | floor (u64)  | bit i (least significant first): floor + 1 + i; no zero byte last |
 *   +--------------+------------------------------------------------------------------+
 * </pre>
 *
 * <p>Owned by the thread that executes a block.
 */
final class SubmissionWindow {
    /** How far a sequence may be ahead of the lowest one that is missing. */
    static final int AHEAD = 1024;
    private static final int PREFIX = 's';

    private long floor;
    private BitSet ahead = new BitSet();
    private boolean changed;

    /** The window as its value says, a new one if there is none. */
    SubmissionWindow(final Optional<byte[]> value) {
        if (value.isPresent()) {
            final WireReader in = new WireReader(value.get());
            floor = in.u64();
            ahead = BitSet.valueOf(in.raw(in.remaining()));
        }
    }

    /** The key of a bundle's submission: 's', client key, submission: 49 bytes. */
    static byte[] key(final Bundle bundle) {
        final byte[] key = new byte[1 + Hash.BYTES + Bundle.SUBMISSION_BYTES];
        key[0] = PREFIX;
        // Client key and submission stand side by side in front of a bundle too.
        System.arraycopy(bundle.array(), bundle.offset(), key, 1, key.length - 1);
        return key;
    }

    /** Whether a sequence is marked. */
    boolean isMarked(final long sequence) {
        final long distance = sequence - floor;
        return distance < 0 || distance > 0 && distance <= AHEAD && ahead.get((int) distance - 1);
    }

    /** Marks a sequence of 0 or more: ACCEPTED if it is the first time, DUPLICATE, or TOO_FAR_AHEAD. */
    Outcome.Code mark(final long sequence) {
        if (sequence < floor) {
            return Outcome.Code.DUPLICATE;
        }
        final long distance = sequence - floor;
        if (distance > AHEAD) {
            return Outcome.Code.TOO_FAR_AHEAD;
        }
        if (distance == 0) {
            final int run = ahead.nextClearBit(0);
            floor += 1 + run;
            changed = true;
            ahead = ahead.isEmpty() ? ahead : ahead.get(run + 1, AHEAD + 1);
            return Outcome.Code.ACCEPTED;
        }
        final int bit = (int) distance - 1;
        if (ahead.get(bit)) {
            return Outcome.Code.DUPLICATE;
        }
        ahead.set(bit);
        changed = true;
        return Outcome.Code.ACCEPTED;
    }

    /** Whether a sequence was accepted since it was read. */
    boolean changed() {
        return changed;
    }

    /** Its value. */
    byte[] encode() {
        return new WireWriter(16).u64(floor).raw(ahead.toByteArray()).toBytes();
    }
}
