package org.ztp.ledger.state;

import java.util.Optional;

/** Reads one state: what it answers for a key does not depend on when it is asked. */
public interface StateReader {
    /** The value under a key, empty if there is none. The array is the state's own: it must not be changed. */
    Optional<byte[]> get(byte[] key);
}
