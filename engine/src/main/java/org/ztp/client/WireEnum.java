package org.ztp.client;

import org.ztp.wire.WireReader;

/** Reads one byte as a constant of an enum; the reader fails if there is no such one. */
final class WireEnum {
    private WireEnum() {
    }

    static <E extends Enum<E>> E decode(final WireReader in, final E[] values) {
        final int ordinal = in.u8();
        in.require(ordinal < values.length);
        return values[in.failed() ? 0 : ordinal];
    }
}
