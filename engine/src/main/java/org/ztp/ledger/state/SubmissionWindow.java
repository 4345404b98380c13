package org.ztp.ledger.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

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
    /** Size of a key. */
    static final int KEY_BYTES = 1 + Hash.BYTES + Bundle.SUBMISSION_BYTES;
    private static final int PREFIX = 's';
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int WORDS = AHEAD / Long.SIZE;

    private final long[] ahead = new long[WORDS];
    private long floor;
    private boolean changed;

    /** The window as its value says, a new one if there is none. */
    SubmissionWindow(final Optional<byte[]> value) {
        if (value.isPresent()) {
            final byte[] bytes = value.get();
            floor = floor(bytes);
            for (int i = Long.BYTES; i < bytes.length; i++) {
                final int bit = Byte.SIZE * (i - Long.BYTES);
                ahead[bit / Long.SIZE] |= (bytes[i] & 0xffL) << bit % Long.SIZE;
            }
        }
    }

    /** The key of a bundle's submission: 's', client key, submission: {@value #KEY_BYTES} bytes, of which all are set. */
    static byte[] key(final Bundle bundle, final byte[] key) {
        key[0] = PREFIX;
        // Client key and submission stand side by side in front of a bundle too.
        System.arraycopy(bundle.array(), bundle.offset(), key, 1, KEY_BYTES - 1);
        return key;
    }

    /** Whether a sequence is marked in the window of a value; allocates nothing. */
    static boolean isMarked(final byte[] value, final long sequence) {
        final long distance = sequence - floor(value);
        if (distance <= 0 || distance > AHEAD) {
            return distance < 0;
        }
        final int bit = (int) distance - 1;
        final int at = Long.BYTES + bit / Byte.SIZE;
        return at < value.length && (value[at] >>> bit % Byte.SIZE & 1) != 0;
    }

    /**
     * What marking a sequence of 0 or more in the window of a value would give; allocates nothing.
     *
     * @param value the value; null for a new window
     */
    static Outcome.Code look(final byte[] value, final long sequence) {
        if (value != null && isMarked(value, sequence)) {
            return Outcome.Code.DUPLICATE;
        }
        return sequence - (value == null ? 0 : floor(value)) > AHEAD ? Outcome.Code.TOO_FAR_AHEAD : Outcome.Code.ACCEPTED;
    }

    private static long floor(final byte[] value) {
        return (long) U64.get(value, 0);
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
            advance();
        } else {
            final int bit = (int) distance - 1;
            if ((ahead[bit / Long.SIZE] >>> bit % Long.SIZE & 1) != 0) {
                return Outcome.Code.DUPLICATE;
            }
            ahead[bit / Long.SIZE] |= 1L << bit % Long.SIZE;
        }
        changed = true;
        return Outcome.Code.ACCEPTED;
    }

    /** The floor itself has come: it goes up to the next sequence that is missing, and the bitmap with it. */
    private void advance() {
        int run = 0;
        while (run < AHEAD && (ahead[run / Long.SIZE] >>> run % Long.SIZE & 1) != 0) {
            run++;
        }
        floor += 1 + run;
        final int words = (run + 1) / Long.SIZE;
        final int bits = (run + 1) % Long.SIZE;
        for (int i = 0; i < WORDS; i++) {
            final long low = i + words < WORDS ? ahead[i + words] : 0;
            final long high = i + words + 1 < WORDS ? ahead[i + words + 1] : 0;
            ahead[i] = bits == 0 ? low : low >>> bits | high << Long.SIZE - bits;
        }
    }

    /** Whether a sequence was accepted since it was read. */
    boolean changed() {
        return changed;
    }

    /** Its value. */
    byte[] encode() {
        int size = AHEAD / Byte.SIZE;
        while (size > 0 && byteAt(size - 1) == 0) {
            size--;
        }
        final byte[] value = new byte[Long.BYTES + size];
        U64.set(value, 0, floor);
        for (int i = 0; i < size; i++) {
            value[Long.BYTES + i] = byteAt(i);
        }
        return value;
    }

    private byte byteAt(final int index) {
        return (byte) (ahead[index / Long.BYTES] >>> Byte.SIZE * (index % Long.BYTES));
    }
}
