package org.ztp.ledger.state;

import java.util.Arrays;
import java.util.Optional;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * Rules for tests. Kind 2 puts (key byte, value), 3 removes (key byte), 4 puts and is then INVALID, 5 is denied
 * and keeps what it put, 6 has an endless detail; all else is INVALID. The dataset is the SHA-256 of the key byte.
 */
public final class SampleRules implements TransactionRules {
    @Override
    public Result apply(final StateView state, final TransactionContext context, final byte[] array, final int offset,
                        final int length) {
        if (length < 2) {
            return Result.invalid("too short");
        }
        final byte[] key = {'x', array[offset + 1]};
        final byte[] value = Arrays.copyOfRange(array, offset + 2, offset + length);
        switch (array[offset]) {
            case 2:
                final boolean there = state.get(key).isPresent();
                state.put(key, value);
                return there ? new Result(Outcome.Code.ACCEPTED, "changed") : Result.ACCEPTED;
            case 3:
                state.delete(key);
                return Result.ACCEPTED;
            case 4:
                state.put(key, value);
                return Result.invalid("not yours");
            case 5:
                state.put(key, value);
                return new Result(Outcome.Code.DENIED, "by " + context.client().brief());
            case 6:
                return new Result(Outcome.Code.ALLOWED, "x" + "\u20ac".repeat(1000));
            default:
                return Result.invalid("unknown kind");
        }
    }

    @Override
    public Optional<Hash> dataset(final StateReader state, final TransactionContext context, final byte[] array,
                                  final int offset, final int length) {
        return length < 2 || array[offset] > 6 ? Optional.empty()
            : Optional.of(Hash.sha256(new byte[] {array[offset + 1]}));
    }
}
