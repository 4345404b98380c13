package org.ztp.ledger.state;

import java.util.Optional;

/**
 * What the rules are shown of a state: all but the executor's own keys, which only it may write.
 *
 * @param pending the state
 */
record RuleView(PendingState pending) implements StateView {
    @Override
    public Optional<byte[]> get(final byte[] key) {
        return pending.get(key);
    }

    @Override
    public void put(final byte[] key, final byte[] value) {
        pending.put(checked(key), value);
    }

    @Override
    public void delete(final byte[] key) {
        pending.delete(checked(key));
    }

    private static byte[] checked(final byte[] key) {
        if (key.length == 0 || key[0] == 's' || key[0] == 'o') {
            throw new IllegalArgumentException("a key that is not the rules' own: length=" + key.length);
        }
        return key;
    }
}
