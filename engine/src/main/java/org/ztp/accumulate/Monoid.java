package org.ztp.accumulate;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What is accumulated: values of one shape with an associative and commutative operation. An instance fixes the shape
 * (lengths, limits) and holds no other state.
 *
 * @param <V> the value
 */
public interface Monoid<V> {
    /** The value that changes nothing; a new one each time. */
    V identity();

    /** Whether a value has this monoid's shape: its length, order and limits. */
    boolean accepts(V value);

    /** Combines two accepted values. May change and return {@code left}; leaves {@code right} as it is. */
    V combine(V left, V right);

    /** Appends the one encoding of an accepted value. */
    void encode(V value, WireWriter out);

    /** Reads a value; where the bytes are none of an accepted value, the reader has failed and the result is of no use. */
    V decode(WireReader in);
}
